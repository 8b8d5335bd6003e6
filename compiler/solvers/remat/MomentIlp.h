// The ILP of recomputation: residency only at a few moments of the step.
//
// Binaries x(k,i): value i is resident while moment t_k runs; r(k,i): i is
// computed again in stage k, between t_k and t_{k+1}.
//
//   least   sum c(i) r(k,i)
//   memory  sum b(i) x(k,i) + output, workspace, gradients at t_k <= budget
//   need    x(k,u) + r(k,u) >= 1   for u read by an operation of stage k
//   source  r(k,v) <= r(k,u) + x(k,u)   for each input u of v
//   carry   x(k+1,i) <= x(k,i) + r(k,i)
//
// What may be made in the place of an input v takes no bytes beside it unless v
// is wanted later without being made again: 0 <= p <= 1 of the output's bytes
// are taken off the memory row, with
//
//   place   p <= 1 - x(k+1,v) + r(k,v), and so for each reader of v in stage k
//
// Every schedule gives a solution, whichever the moments, so the optimum is a
// bound for any choice of them. Where a decoded schedule is over the budget its
// moment is added. When the excess is inside a recomputation of v between two
// neighbouring moments, a conditional row is added:
//
//   during  sum b(i) there(i) + (b(v) + inputs of v) r(k,v) <= budget
//
// with there(i) at least whatever makes i live through it: resident at both
// ends, or made or held before v and read or wanted after it; v may be made in
// place here too.
//
// "Every schedule" is the usual class (Checkmate's): first runs keep the
// problem's order, and between two of them a value is computed again at most
// once, these in the problem's order too.
#ifndef AUTOPAR_COMPILER_SOLVERS_REMAT_MOMENTILP_H
#define AUTOPAR_COMPILER_SOLVERS_REMAT_MOMENTILP_H

#include "compiler/solvers/remat/Methods.h"
#include "compiler/solvers/remat/Plan.h"

#include <set>

namespace autopar::remat {

struct IlpAnswer {
  enum Kind { Optimal, Feasible, Infeasible, Unknown } kind = Unknown;
  Plan plan;            ///< when Optimal or Feasible
  double objective = 0; ///< its extra cost as the ILP sees it
  double bound = 0;     ///< no schedule that fits has less extra cost
  std::string fault = {}; ///< how CBC ended, where it crashed
};

class MomentIlp {
public:
  MomentIlp(const Problem &problem, int64_t budget);

  /// Adds what the schedule's excess over the budget asks for, the worst
  /// first, `most` rows at once. False when it is all there already.
  bool refine(const Sequence &sequence, int most);
  bool addMoment(int operation) { return moments.insert(operation).second; }

  /// Solves by CBC, within so many seconds of the clock's. `start` is a known schedule in the budget, or empty;
  /// solutions within `allowedGap` of the bound (in cost) are good enough.
  /// Where `free` is given, the values it does not mark stay as in `start`
  /// and the answer's bound is for that choice only.
  IlpAnswer solve(const Clock &clock, double seconds, double allowedGap, const Sequence &start,
                  const std::vector<char> *free = nullptr) const;

  size_t numMoments() const { return moments.size(); }
  size_t numConditions() const { return conditions.size(); }

private:
  const Problem &problem;
  const int64_t budget;
  const std::vector<int> last; ///< use in the original order
  std::vector<std::vector<int>> readers;
  std::set<int> moments;
  std::set<std::pair<int, int>> conditions; ///< (moment, value recomputed after it)
};

} // namespace autopar::remat

#endif
