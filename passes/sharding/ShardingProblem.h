// From a function to the solver's plain-data problem and back: one node an operation, argument or
// variable, one for what a value is kept as where several read it, edges for reshardings.
#ifndef AUTOPAR_PASSES_SHARDING_SHARDINGPROBLEM_H
#define AUTOPAR_PASSES_SHARDING_SHARDINGPROBLEM_H

#include "compiler/cost/Resharding.h"
#include "compiler/solvers/ilp/Conflict.h"
#include "passes/sharding/PlanFile.h"
#include "passes/sharding/Strategies.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

namespace autopar {

/// What each value must be kept as, by name: from a plan file, from attributes in the input, or
/// for variables from another function. Text as Strategy::name and Spec::str write it.
struct PlanConstraints {
  /// Operation -> "S0R = S0R x RR", or "R|U0 = S0R -> R" with what is kept.
  llvm::StringMap<std::string> strategies;
  /// Variable -> Spec.
  llvm::StringMap<Spec> specs;
};

/// What a user asks of one value, and where: it can be met alone, if not with all the others.
struct ShardingWish {
  ilp::Restriction restriction;
  mlir::Location where;
};

class ShardingProblem {
public:
  /// A value's name with this is its keeper's.
  static constexpr const char *keeperSuffix = " kept";

  /// Fails with a diagnostic where a constraint matches no strategy.
  static mlir::FailureOr<ShardingProblem> build(mlir::func::FuncOp function,
                                                StrategyTable &strategies,
                                                Resharder &resharder,
                                                const PlanConstraints &constraints);

  /// All that is possible, whatever is wished for.
  ilp::Problem problem;
  std::vector<ShardingWish> wishes;

  /// The problem within the wishes.
  ilp::Problem wished() const;
  /// The fewest wishes that cannot be met together within the problem's limit.
  ilp::Conflict findConflict(double timeLimitSeconds) const;

  /// Writes the solution on the function as dist.plan attributes.
  void apply(const ilp::Solution &solution);
  /// The solution as text by name, as PlanConstraints::strategies reads it.
  PlanText describe(const ilp::Solution &solution) const;

private:
  /// A choice of the solver's: the strategies of an operation, or the Specs of a value.
  struct Choice {
    mlir::Operation *op = nullptr;     ///< With `strategies`.
    std::vector<Strategy> strategies;
    mlir::Value value;                 ///< With `specs`: an argument, or a value's keeping.
    std::vector<Spec> specs;
    /// Of a variable's keeper: the first so many of `specs` are the variable itself, which costs
    /// no memory; the others are copies of it.
    size_t stored = 0;
  };
  class Builder;

  std::vector<ilp::Restriction> restrictions() const;
  /// What a value is kept as under a solution.
  Spec kept(mlir::Value value, const ilp::Solution &solution) const;

  mlir::func::FuncOp function;
  std::vector<Choice> choices;                     ///< One a node.
  llvm::DenseMap<mlir::Operation *, int> nodeOfOp;
  /// Values with a node for their keeping, in the function's order: edges follow it.
  llvm::MapVector<mlir::Value, int> keeper;
};

} // namespace autopar

#endif
