// Sharding rules, work and attributes that several families have in common.
#ifndef AUTOPAR_DIALECTS_GRAPH_RULES_H
#define AUTOPAR_DIALECTS_GRAPH_RULES_H

#include "dialects/dist/Dist.h"
#include "dialects/dist/ShardingRule.h"

namespace autopar::graph {

/// A factor for each dimension of a shape: "d0", "d1", … of one kind.
llvm::SmallVector<int> addFactors(ShardingRule &rule, llvm::ArrayRef<int64_t> shape,
                                  FactorKind kind);
/// Whole in every dimension.
llvm::SmallVector<int> wholeDims(mlir::Value value);

/// All operands and results of one shape, each dimension a parallel factor. `isLinear`: partial
/// sums may pass as well.
ShardingRule elementwiseRule(mlir::Operation *op, bool isLinear = false);

/// `flops` for each element of the value.
double perElement(mlir::Value value, double flops);

/// Which part of `wholeOperand`'s tensor the plan of its operation leaves a rank; all of it
/// where there is no plan.
dist::PartAttr partOfOperand(mlir::Operation *whole, unsigned operand);
/// The same for a result.
dist::PartAttr partOfResult(mlir::Operation *whole, unsigned result);

} // namespace autopar::graph

#endif
