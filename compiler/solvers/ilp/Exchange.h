// What threads that work on one problem tell each other: the best solution and
// the best bound. Against the clock they do so at once. Where work is the
// limit they do so at the end of every so much work, and wait for each other
// there: then what a thread knows at any point does not depend on their speed.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_EXCHANGE_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_EXCHANGE_H

#include "compiler/solvers/ilp/Clock.h"
#include "compiler/solvers/ilp/Problem.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace autopar::ilp {

/// (cost - bound) / |cost|, never less than zero.
double relativeGap(Int128 cost, Int128 bound);

struct Known {
  std::shared_ptr<const Solution> solution; // null where there is none
  Evaluation evaluation;                    // of the solution
  std::optional<Int128> bound;              // no solution costs less
  bool infeasible = false;                  // proven

  /// Takes over what is better in `other`. True where anything was.
  bool learn(const Known &other);
  bool closed(double gap) const {
    return solution && bound && relativeGap(evaluation.cost, *bound) <= gap;
  }
};

class Exchange {
public:
  /// `epoch`: work between two meetings, 0 where news spreads at once. `changed` is
  /// called with what all know together, one call at a time.
  Exchange(int workers, const Known &start, Work epoch,
           std::function<void(const Known &)> changed);

private:
  friend class Worker;
  void tell(const Known &news);
  void meet(int worker, int64_t epoch, const Known &own, Known &view);
  void leave(int worker, const Known &own);

  const Work epoch;
  const std::function<void(const Known &)> changed;
  std::mutex mutex;
  Known all;
  std::atomic<int64_t> version = 0; // of `all`
  /// What a worker had found by itself at the end of each epoch; its last entry
  /// holds for good once it has left.
  struct Log {
    std::vector<Known> entries;
    bool complete = false;
  };
  std::vector<Log> logs;
  std::condition_variable arrived;
};

/// One thread's part in an exchange, and its clock: that runs out, too, where
/// nothing is left to be found.
class Worker : public Clock {
public:
  /// While no solution is known, `reserve` seconds are not for this worker.
  Worker(Exchange &exchange, int index, const Problem &problem, const RunClock &clock,
         double gap, double reserve);
  Worker(const Worker &) = delete;
  Worker &operator=(const Worker &) = delete;

  double secondsLeft() override;
  void spend(Work work) override;
  void pass(double seconds) override { clock.pass(seconds); }
  /// The thread that is to do the work begins: its time counts from here.
  void begin() { clock.resume(secondsAtFirst); }
  bool countsWork() const override { return clock.countsWork(); }
  Work spent() const { return clock.spent(); }
  double passed() const { return clock.passed(); }

  const Known &known();
  /// What this worker has found by itself, and what it began with.
  const Known &found() const { return own; }
  /// A candidate for the checker.
  void offer(const Solution &solution);
  void raiseBound(Int128 bound);
  /// Nothing is better than the best solution known, if any.
  void exhaust();
  /// The last that the others hear.
  void leave() { exchange.leave(index, own); }

private:
  void tell(const Known &news);

  Exchange &exchange;
  const int index;
  const Problem &problem;
  RunClock clock;
  const double secondsAtFirst;
  const double gap, reserve;
  Known own, view;
  int64_t epochs = 0;  // ended
  int64_t version = 0; // of what `view` has of the exchange
};

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_EXCHANGE_H
