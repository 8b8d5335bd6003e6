// Losses: rows are independent; a row's classes stay together.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

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
                                 gradients.of(getLoss()), getCount(), getLabelSmoothing()));
}

LogicalResult CountKeptOp::inferReturnTypes(MLIRContext *context, std::optional<Location>,
                                            ValueRange, DictionaryAttr, OpaqueProperties,
                                            RegionRange, SmallVectorImpl<Type> &types) {
  types.push_back(RankedTensorType::get({}, Float32Type::get(context)));
  return success();
}
double CountKeptOp::getFlops() { return perElement(getLabels(), 1); }
ShardingRule CountKeptOp::getShardingRule() {
  ShardingRule rule;
  rule.operand(addFactors(rule, shapeOf(getLabels()), FactorKind::Reduction));
  rule.result({});
  return rule;
}

/// The numbers that a scalar is computed of, the nearest and the first operands first.
static SmallVector<Operation *> scalarsBehind(Value scalar) {
  SmallVector<Operation *> found;
  SmallVector<Value> next = {scalar};
  llvm::DenseSet<Operation *> seen;
  while (!next.empty()) {
    Operation *op = next.pop_back_val().getDefiningOp();
    if (!op || !seen.insert(op).second)
      continue;
    found.push_back(op);
    for (Value operand : llvm::reverse(op->getOperands()))
      if (shapeOf(operand).empty())
        next.push_back(operand);
  }
  return found;
}

/// Of the first classifier's answers, where several losses are added.
Value LossOp::countCorrect(OpBuilder &builder) {
  for (Operation *op : scalarsBehind(getValue()))
    if (auto loss = dyn_cast<LossOpInterface>(op))
      if (Value correct = loss.countCorrect(builder))
        return correct;
  return {};
}

Value LossOp::countKept() {
  for (Operation *op : scalarsBehind(getValue()))
    if (auto kept = dyn_cast<CountKeptOp>(op))
      return kept.getKept();
  return {};
}

ShardingRule LossOp::getShardingRule() { return elementwiseRule(*this, /*isLinear=*/true); }

void LossOp::buildGradient(Gradients &gradients) {
  if (!gradients.wants(getValue()))
    return;
  Location name = gradients.nameFor(getValue());
  const llvm::APFloat share(1.0 / static_cast<double>(getCount()));
  Value scale = gradients.of(getLoss());
  if (!scale)
    gradients.add(getValue(), FillOp::create(gradients.builder, name, getType(), share));
  else if (getCount() == 1)
    gradients.add(getValue(), scale);
  else
    gradients.add(getValue(), ScaleOp::create(gradients.builder, name, scale, share));
}

} // namespace autopar::graph
