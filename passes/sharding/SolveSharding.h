// The pass as the driver uses it: with what the solver said, for the report.
#ifndef AUTOPAR_PASSES_SHARDING_SOLVESHARDING_H
#define AUTOPAR_PASSES_SHARDING_SOLVESHARDING_H

#include "compiler/solvers/ilp/Solver.h"
#include "passes/Passes.h"
#include "passes/sharding/PlanFile.h"

#include <memory>
#include <vector>

namespace autopar {

/// What was asked and answered for one function.
struct FunctionSharding {
  std::string function;
  size_t nodes = 0, edges = 0, strategies = 0;
  ilp::SolveResult result;
  /// What was asked, within the user's wishes and the limit: for questions about the answer.
  std::shared_ptr<const ilp::Problem> problem;
  /// Strategy by value name, as in a plan file.
  PlanText plan;
};

/// `report`, where given, is filled while the pass runs and must outlive it.
std::unique_ptr<mlir::Pass> createSolveSharding(SolveShardingOptions options,
                                                std::vector<FunctionSharding> *report);

} // namespace autopar

#endif
