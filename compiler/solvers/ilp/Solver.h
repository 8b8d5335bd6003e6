// The one door to the sharding solver. Behind it stand an exact presolve, an
// ILP for COIN-OR CBC and a search for what CBC cannot finish; whatever they
// answer has been replayed by check() on the caller's own problem.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_SOLVER_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_SOLVER_H

#include "compiler/solvers/ilp/LeastUsage.h"

#include <functional>
#include <limits>

namespace autopar::ilp {

enum class Status {
  Optimal,    // proven; within relativeGap where one was asked for
  Feasible,   // the limit came first: the best solution found, and its gap
  Infeasible, // proven: no solution at all; `reason` and `leastUsage` say more
  Timeout,    // it came before any solution was found: only where memory is limited, or nearly
              // nothing is possible; a first plan is looked for whatever the limit
  Invalid,    // validate() refused the problem; `reason` has its words
};

/// "optimal", "feasible", ...
const char *toString(Status status);

/// What is known at one moment of the search.
struct Progress {
  double seconds = 0;
  std::optional<Int128> incumbent; // cost of the best solution so far
  std::optional<Int128> lowerBound;
  const char *phase = ""; // "presolve", "cbc", ...

  /// (incumbent - bound) / |incumbent|; infinite while either is missing.
  double gap() const;
};

struct SolveOptions {
  /// Of processor time, each thread's, CBC's process included; at 0 there is only a first plan.
  double timeLimitSeconds = 60;
  /// Instead of the time: what each thread may do. A run with the same limit, seed
  /// and number of threads gives the same result, on whatever machine.
  std::optional<Work> workLimit;
  /// One raises bounds and looks for solutions, the others for solutions only. More
  /// than one make which of equally good solutions is found a matter of luck,
  /// unless work is the limit.
  int threads = 1;
  /// Stop once the incumbent is within this fraction of the bound.
  double relativeGap = 0;
  /// A solution to start from; ignored where it is not feasible.
  std::optional<Solution> warmStart;
  uint32_t seed = 1;
  /// Where nothing fits the limit, find out what would: SolveResult::leastUsage.
  bool explainInfeasible = true;
  /// Let CBC print its log.
  bool verbose = false;
  /// Called at every new incumbent or bound: from whichever thread has it, one at a time.
  std::function<void(const Progress &)> onProgress;
};

/// What was handed over and what the exact presolve made of it.
struct PresolveStats {
  int nodes = 0, edges = 0;
  int64_t strategies = 0;
  int freeNodes = 0, freeEdges = 0; // left for the ILP or the search
  int64_t freeStrategies = 0;
  int64_t inconsistent = 0; // strategies without a finite partner on some edge
  int64_t dominated = 0;    // strategies another one is never worse than
  int64_t merged = 0;       // nodes that follow a neighbour's choice
  int64_t eliminated = 0;   // nodes of degree 0, 1 and 2 minimised out
  int components = 0;       // connected parts left
  int moments = 0;          // times at which memory can matter at all
  bool memoryFree = false;  // the optimum without a limit fitted: no ILP needed
  double seconds = 0;
};

struct SolveResult {
  Status status = Status::Timeout;
  Solution solution;     // empty unless Optimal or Feasible
  Int128 cost = 0;       // of `solution`, in exact integers
  Int128 lowerBound = 0; // no solution costs less; equals cost when proven
  bool hasLowerBound = false;
  double gap = std::numeric_limits<double>::infinity();
  Int128 peak = 0; // of `solution`
  Time peakTime = 0;
  double seconds = 0;                  // by the wall clock
  double apartSeconds = 0;             // of processor time, of this thread's child processes
  Work work = 0;                       // of the busiest thread
  int64_t cbcRows = 0, cbcColumns = 0; // the largest model handed to CBC
  int memoryRounds = 0;                // times rows for violated moments were added
  PresolveStats presolve;
  std::optional<LeastUsage> leastUsage; // Infeasible because of memory
  std::string reason;                   // Infeasible, Invalid
  std::string fault; // how CBC ended, where one of its programs crashed; the search went on
};

SolveResult solve(const Problem &problem, const SolveOptions &options = {});

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_SOLVER_H
