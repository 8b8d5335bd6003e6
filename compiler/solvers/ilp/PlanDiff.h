// What two plans for one problem do differently, for people to read.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_PLANDIFF_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_PLANDIFF_H

#include "compiler/solvers/ilp/Problem.h"

namespace autopar::ilp {

struct PlanDiff {
  struct Change {
    int node = 0;
    int from = 0, to = 0; // strategies
    /// What the node itself costs more; edges are in the plans' totals.
    Cost nodeCost = 0;
    /// What it holds more in all its uses together.
    Int128 bytes = 0;
  };
  std::vector<Change> changes; // in the order of nodes
  Evaluation before, after;    // both replayed by check()
};

/// `before` and `after` have a strategy for each node of `problem`.
PlanDiff diffPlans(const Problem &problem, const Solution &before, const Solution &after);

/// A line a change, `conv1  S0R -> RR`, and the totals.
std::string printDiff(const Problem &problem, const PlanDiff &diff);

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_PLANDIFF_H
