// What the solvers share: the clock, the best schedule so far, and their
// entries. Private to this room; the way in is Solver.h.
#ifndef AUTOPAR_COMPILER_SOLVERS_REMAT_METHODS_H
#define AUTOPAR_COMPILER_SOLVERS_REMAT_METHODS_H

#include "compiler/solvers/remat/Plan.h"
#include "compiler/solvers/remat/Solver.h"
#include "compiler/solvers/ProcessorClock.h"

#include <memory>

namespace autopar::remat {

/// Counts processor time, of this thread and of the children that work for it.
class Clock {
public:
  explicit Clock(double limit) : limit(limit) {}
  double elapsed() const { return ProcessorClock::secondsSince(start) + *elsewhere; }
  /// Seconds that a child process has used.
  void pass(double seconds) const { *elsewhere += seconds; }
  double left() const { return limit - elapsed(); }
  /// A clock for this share of what is left.
  Clock part(double share) const {
    Clock result = *this;
    result.limit = elapsed() + share * left();
    return result;
  }

private:
  ProcessorClock::time_point start = ProcessorClock::now();
  std::shared_ptr<double> elsewhere = std::make_shared<double>(0); ///< shared by all parts
  double limit;
};

/// The best schedule so far: the cheapest that fits; until one does, the one of
/// least peak, and of these the cheapest.
struct Best {
  const Problem &problem;
  int64_t budget;
  std::function<void(const std::string &)> onProgress;
  Sequence sequence = {};
  bool fits = false;
  int64_t extraCost = 0;
  int64_t peak = std::numeric_limits<int64_t>::max();
  std::string foundBy = {};
  std::string fault = {}; ///< as in Result

  /// Takes a schedule if it is better.
  bool offer(const Sequence &sequence, const char *method);

  /// Keeps the first fault.
  void note(const std::string &newFault) {
    if (fault.empty())
      fault = newFault;
  }
};

/// Nothing is held but for the operation at hand.
Sequence recomputeAll(const Problem &problem);

/// The schedule that holds `kept` from the forward pass on and computes all
/// else again when it is first wanted, to hold it until its last use.
Sequence keepOnly(const Problem &problem, const std::vector<char> &kept);

/// Articulation values: all that is computed after one depends on what was
/// computed before it through that value alone. In order.
std::vector<int> articulations(const Problem &problem);

void searchSqrt(const Problem &problem, Best &best);
void searchChain(const Problem &problem, Best &best, const Clock &clock);
/// Lowers the peak of the best schedule where none fits; `least` is known to
/// be out of reach or just in it.
void searchLeastPeak(const Problem &problem, Best &best, int64_t least, const Clock &clock);
/// Lowers what the best schedule, which does not fit, costs at the peak that it has.
void cheapen(const Problem &problem, Best &best, const Clock &clock);

class MomentIlp;

/// Solves with ever more moments until the best schedule is proven or the time
/// is over; `bound` is known before. Returns the lower bound on the extra cost;
/// infinity when nothing fits.
double searchMoments(MomentIlp &ilp, const Problem &problem, Best &best, double bound,
                     const Clock &clock, double allowedGap);

/// Frees windows of values of the best schedule, which fits, one after the
/// other, wider ones by and by, until the time is over or `bound` is met.
void searchWindows(MomentIlp ilp, const Problem &problem, Best &best, double bound,
                   const Clock &clock, double allowedGap);

} // namespace autopar::remat

#endif
