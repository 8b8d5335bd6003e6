// Why a node has the strategy it has: what the whole plan would cost with each
// of its others, everything else chosen anew.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_ALTERNATIVES_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_ALTERNATIVES_H

#include "compiler/solvers/ilp/Solver.h"

namespace autopar::ilp {

struct Alternative {
  int strategy = 0;
  /// Infeasible: there is no plan with this strategy at all.
  Status status = Status::Timeout;
  Int128 cost = 0;       // of `plan`
  Int128 lowerBound = 0; // of any plan with this strategy; equal to cost where proven
  Int128 peak = 0;
  Solution plan; // empty where none was found
};

/// One entry a strategy of `node`, in their order; that of `plan` among them,
/// solved like the others. `options` holds for each. `plan` is feasible, and where
/// changing `node` alone keeps it so, it starts the search.
std::vector<Alternative> alternatives(Problem problem, const Solution &plan, int node,
                                      const SolveOptions &options = {});

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_ALTERNATIVES_H
