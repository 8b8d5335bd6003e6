// The one door to all recomputation solvers.
//
// What is proven is proven for the usual class of schedules (Checkmate's): the
// first runs keep the problem's order, and between two of them a value is
// computed again at most once, these in the problem's order too.
#ifndef AUTOPAR_COMPILER_SOLVERS_REMAT_SOLVER_H
#define AUTOPAR_COMPILER_SOLVERS_REMAT_SOLVER_H

#include "compiler/solvers/remat/Schedule.h"

#include <functional>
#include <limits>
#include <map>
#include <string_view>

namespace autopar::remat {

enum class Method {
  None,    ///< keep everything
  All,     ///< keep only what a step needs; the least memory, for comparison
  Sqrt,    ///< Chen: keep every k-th articulation value, the best k
  Chain,   ///< dynamic program over blocks between articulation values
  Optimal, ///< the ILP over moments of the backward pass (CBC)
  Auto     ///< Chain as a start, the ILP, local search on what is left
};

std::optional<Method> parseMethod(std::string_view name);
std::string_view toString(Method method);

/// What was learned of a problem under other budgets.
struct Known {
  std::vector<Sequence> schedules; ///< sound ones, whatever they cost and hold
  /// By budget the least extra cost of schedules that fit it, and so of all that fit a smaller
  /// one; infinity where none does.
  std::map<int64_t, double> bounds;

  double boundFor(int64_t budget) const;
};

struct SolveOptions {
  int64_t budget = 0; ///< bytes
  Method method = Method::Auto;
  double timeLimitSeconds = 60; ///< of processor time
  /// Stop when extra time over the bound is less than this share of the
  /// problem's whole time.
  double gap = 1e-6;
  /// Where the search begins; must outlive it.
  const Known *known = nullptr;
  /// Called with a line of text at each step of the search.
  std::function<void(const std::string &)> onProgress = {};
};

enum class Status {
  Optimal,    ///< proven: no schedule of the class costs less
  Feasible,   ///< fits; cheaper may be possible
  Infeasible, ///< proven: no schedule of the class fits the budget
  NotFound    ///< nothing that fits was found (in time, or by this method)
};

std::string_view toString(Status status);

struct Result {
  Status status = Status::NotFound;
  /// The best schedule found; when none fits, the one of least peak.
  Sequence sequence;
  int64_t extraCost = 0;       ///< beyond the problem's own, in its unit
  /// No schedule that fits has less; nothing where none is known to fit.
  std::optional<double> extraCostBound;
  int64_t peak = 0;            ///< of `sequence`, bytes
  int64_t leastPeakBound = 0;  ///< no schedule has a lower peak
  double seconds = 0;          ///< of processor time
  std::string foundBy;
  /// How CBC ended, where one of its programs crashed; the search went on without its answer.
  std::string fault;
};

/// Whether its sequence is within the budget.
bool fits(const Result &result);

/// Finds a schedule of `problem` (which validate() accepts) in the budget.
Result solve(const Problem &problem, const SolveOptions &options);

} // namespace autopar::remat

#endif
