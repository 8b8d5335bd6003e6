// An order in which little waits for communication. Greedy orders by several rules, the best of
// them improved by moving single operations; the given order is never left for one that is
// slower by more than a thousandth, which fewer bytes may cost.
#ifndef AUTOPAR_COMPILER_SOLVERS_SCHEDULE_SOLVER_H
#define AUTOPAR_COMPILER_SOLVERS_SCHEDULE_SOLVER_H

#include "compiler/solvers/schedule/Timeline.h"

namespace autopar::schedule {

struct SolveOptions {
  /// Bytes that may be held at one call. What the given order holds is always allowed.
  int64_t peak = 0;
  /// How many moves are tried. The answer depends on it, and on no clock.
  int moves = 4000;
};

struct Result {
  Order order;
  Timeline timeline;
  /// No order takes less: all of the computation, all of the communication, the longest chain.
  int64_t lowerBound = 0;
};

/// `problem` must be sound (validate).
Result solve(const Problem &problem, const SolveOptions &options);

} // namespace autopar::schedule

#endif
