// List scheduling: time goes on, and whenever a stream is free it takes the most pressing
// operation that is ready.
#ifndef AUTOPAR_COMPILER_SOLVERS_SCHEDULE_GREEDY_H
#define AUTOPAR_COMPILER_SOLVERS_SCHEDULE_GREEDY_H

#include "compiler/solvers/schedule/Problem.h"

namespace autopar::schedule {

/// What is pressing.
struct Rule {
  /// By the longest way from an operation to the end of the step; else by the given order, and
  /// a collective by its first reader there.
  bool longestWayFirst = false;
  /// A collective is called so many times its own cost before its value is needed in the given
  /// order, and not earlier: what it makes takes memory until then.
  double lead = 2;
};

/// An order that keeps within `peak` bytes where it can; it may not.
Order greedyOrder(const Problem &problem, const Rule &rule, int64_t peak);

} // namespace autopar::schedule

#endif
