// Losses: rows are independent; a row's classes stay together.
#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::graph {

static LogicalResult scalarResult(MLIRContext *context, std::optional<Location> loc,
                                  ValueRange operands, SmallVectorImpl<Type> &types) {
  if (shapeOf(operands[0])[0] != shapeOf(operands[1])[0])
    return emitOptionalError(loc, shapeOf(operands[0])[0], " rows of logits and ",
                             shapeOf(operands[1])[0], " labels");
  types.push_back(RankedTensorType::get({}, Float32Type::get(context)));
  return success();
}
LogicalResult SoftmaxCrossEntropyOp::inferReturnTypes(MLIRContext *context,
                                                      std::optional<Location> loc,
                                                      ValueRange operands, DictionaryAttr,
                                                      OpaqueProperties, RegionRange,
                                                      SmallVectorImpl<Type> &types) {
  return scalarResult(context, loc, operands, types);
}
LogicalResult CountCorrectOp::inferReturnTypes(MLIRContext *context,
                                               std::optional<Location> loc, ValueRange operands,
                                               DictionaryAttr, OpaqueProperties, RegionRange,
                                               SmallVectorImpl<Type> &types) {
  return scalarResult(context, loc, operands, types);
}

LogicalResult SoftmaxCrossEntropyGradOp::verify() {
  if (getLogits().getType() != getLogitsGrad().getType())
    return emitOpError("has a gradient of ")
           << getLogitsGrad().getType() << " for logits of " << getLogits().getType();
  if (shapeOf(getLogits())[0] != shapeOf(getLabels())[0])
    return emitOpError("has ") << shapeOf(getLogits())[0] << " rows of logits and "
                               << shapeOf(getLabels())[0] << " labels";
  return success();
}

// An exponential and a handful of sums an element.
static double rowFlops(Value logits) {
  return 8.0 * cast<ShapedType>(logits.getType()).getNumElements();
}
double SoftmaxCrossEntropyOp::getFlops() { return rowFlops(getLogits()); }
double SoftmaxCrossEntropyGradOp::getFlops() { return rowFlops(getLogits()); }
double CountCorrectOp::getFlops() { return rowFlops(getLogits()); }

static ShardingRule rows(Operation *op, FactorKind kind) {
  ShardingRule rule;
  int n = rule.add("n", shapeOf(op->getOperand(0))[0], kind);
  rule.operand({n, ShardingRule::whole});
  rule.operand({n});
  if (kind == FactorKind::Reduction)
    rule.result({});
  else
    rule.result({n, ShardingRule::whole});
  return rule;
}
ShardingRule SoftmaxCrossEntropyOp::getShardingRule() {
  return rows(*this, FactorKind::Reduction);
}
ShardingRule SoftmaxCrossEntropyGradOp::getShardingRule() {
  ShardingRule rule = rows(*this, FactorKind::Parallel);
  if (getScale())
    rule.operand({});
  return rule;
}
ShardingRule CountCorrectOp::getShardingRule() { return rows(*this, FactorKind::Reduction); }

Value SoftmaxCrossEntropyOp::countCorrect(OpBuilder &builder) {
  return CountCorrectOp::create(builder, named(getLoc(), "correct"), getLogits(), getLabels());
}

void SoftmaxCrossEntropyOp::buildGradient(Gradients &gradients) {
  gradients.add(getLogits(), SoftmaxCrossEntropyGradOp::create(
                                 gradients.builder, gradients.nameFor(getLogits()),
                                 getLogits().getType(), getLogits(), getLabels(),
                                 gradients.lossScale, getCount(), getLabelSmoothing()));
}

} // namespace autopar::graph
