// What memory is worth: how much a plan would save with more of it, and lose
// with less. The relaxation's prices say it at once; solving on both sides of
// the limit says what is really there, for plans change in jumps.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_MEMORYPRICE_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_MEMORYPRICE_H

#include "compiler/solvers/ilp/Solver.h"

namespace autopar::ilp {

/// What is known of the best cost under one usage limit.
struct MemoryPoint {
  Bytes limit = 0;
  Status status = Status::Timeout;
  Int128 cost = 0;       // of `solution`; meaningful unless that is empty
  Int128 lowerBound = 0; // of the cost of any solution within `limit`
  Int128 peak = 0;
  Solution solution;
};

struct MemoryPrice {
  /// What the optimum of the relaxation falls by for each byte more, in cost a byte;
  /// infinite where not even the relaxation fits the limit.
  double relaxed = 0;
  MemoryPoint less, here, more; // at the limit minus `step`, the limit, and plus `step`

  /// Bounds on what the step to `more` saves; equal where both costs are proven.
  Int128 leastSaved() const;
  Int128 mostSaved() const;
  /// Bounds on what the step to `less` costs; meaningful where it has a solution.
  Int128 leastLost() const;
  Int128 mostLost() const;
};

/// Around the problem's own limit, which it must have. `options` holds for the
/// three solves together: each gets a third of the time. The cheaper limit's
/// solution starts the next. `problem` has been through validate().
MemoryPrice memoryPrice(Problem problem, Bytes step, const SolveOptions &options = {});

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_MEMORYPRICE_H
