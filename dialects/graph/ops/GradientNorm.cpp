// Gradient clipping: squares are summed where they lie, and scalars may stay partial sums until
// they are all added up.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

LogicalResult SquareSumOp::inferReturnTypes(MLIRContext *context, std::optional<Location>,
                                            ValueRange, DictionaryAttr, OpaqueProperties,
                                            RegionRange, SmallVectorImpl<Type> &types) {
  types.push_back(RankedTensorType::get({}, Float64Type::get(context)));
  return success();
}

LogicalResult AddScalarsOp::verify() {
  if (getInputs().empty())
    return emitOpError("adds nothing");
  return success();
}

double SquareSumOp::getFlops() { return 2.0 * getInput().getType().getNumElements(); }

ShardingRule SquareSumOp::getShardingRule() {
  ShardingRule rule;
  rule.operand(addFactors(rule, shapeOf(getInput()), FactorKind::Reduction));
  rule.result({});
  return rule;
}
ShardingRule AddScalarsOp::getShardingRule() {
  return elementwiseRule(*this, /*isLinear=*/true);
}
ShardingRule ClipFactorOp::getShardingRule() { return elementwiseRule(*this); }

} // namespace autopar::graph
