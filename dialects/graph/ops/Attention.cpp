// Attention: samples and heads are independent; positions, and q, k and v, stay together.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

#include <cmath>

using namespace mlir;

namespace autopar::graph {

/// The types of y [B, T, H, D] and lse [B, H, T] of qkv [B, T, 3, H, D].
static FailureOr<std::pair<Type, Type>> resultTypes(std::optional<Location> loc, Value qkv) {
  RankedTensorType type = typeOf(qkv);
  ArrayRef<int64_t> shape = type.getShape();
  if (shape.size() != 5 || shape[2] != 3)
    return emitOptionalError(loc, "has queries, keys and values of ", type,
                             "; they are packed as [batch, positions, 3, heads, head size]");
  return std::pair<Type, Type>(
      type.clone({shape[0], shape[1], shape[3], shape[4]}),
      type.clone({shape[0], shape[3], shape[1]}, Float32Type::get(type.getContext())));
}
LogicalResult AttentionOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            ValueRange operands, DictionaryAttr,
                                            OpaqueProperties, RegionRange,
                                            SmallVectorImpl<Type> &inferred) {
  auto types = resultTypes(loc, operands[0]);
  if (failed(types))
    return failure();
  inferred.append({types->first, types->second});
  return success();
}
LogicalResult AttentionGradOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                ValueRange operands, DictionaryAttr,
                                                OpaqueProperties, RegionRange,
                                                SmallVectorImpl<Type> &inferred) {
  AttentionGradOpAdaptor grad(operands);
  auto types = resultTypes(loc, grad.getQkv());
  if (failed(types))
    return failure();
  auto [y, lse] = *types;
  for (auto [value, expected] :
       {std::pair(grad.getOutputGrad(), y), {grad.getOutput(), y}, {grad.getLse(), lse}})
    if (value.getType() != expected)
      return emitOptionalError(loc, "has an operand of ", value.getType(), " where ",
                               grad.getQkv().getType(), " asks for ", expected);
  inferred.push_back(grad.getQkv().getType());
  return success();
}

template <typename Op> static LogicalResult verifySettings(Op op) {
  if (op.getState() && op.getDropout().isZero())
    return op.emitOpError("has a state to draw random numbers by, but no dropout");
  return success();
}
LogicalResult AttentionOp::verify() { return verifySettings(*this); }
LogicalResult AttentionGradOp::verify() { return verifySettings(*this); }

template <typename Op> static double scaleOf(Op op) {
  if (op.getScale())
    return op.getScale()->convertToDouble();
  return 1 / std::sqrt(static_cast<double>(shapeOf(op.getQkv())[4]));
}
double AttentionOp::getScaleOrDefault() { return scaleOf(*this); }
double AttentionGradOp::getScaleOrDefault() { return scaleOf(*this); }

/// FLOPs of so many matrix products between positions; a causal mask leaves out half of each.
static double products(Value qkv, bool causal, double count) {
  ArrayRef<int64_t> shape = shapeOf(qkv);
  double each = 2.0 * shape[0] * shape[3] * shape[1] * shape[1] * shape[4];
  return count * each * (causal ? 0.5 : 1);
}
double AttentionOp::getFlops() { return products(getQkv(), getCausal(), 2); }
double AttentionGradOp::getFlops() { return products(getQkv(), getCausal(), 5); }

static ShardingRule headsRule(Operation *op, Value qkv) {
  constexpr int w = ShardingRule::whole;
  ShardingRule rule;
  int b = rule.add("b", shapeOf(qkv)[0], FactorKind::Parallel);
  int h = rule.add("h", shapeOf(qkv)[3], FactorKind::Parallel);
  auto dims = [&](Value value) -> SmallVector<int> {
    switch (shapeOf(value).size()) {
    case 5:
      return {b, w, w, h, w};
    case 4:
      return {b, w, h, w};
    case 3:
      return {b, h, w};
    default:
      return {w};
    }
  };
  for (Value operand : op->getOperands())
    rule.operand(dims(operand));
  for (Value result : op->getResults())
    rule.result(dims(result));
  return rule;
}
ShardingRule AttentionOp::getShardingRule() { return headsRule(*this, getQkv()); }
ShardingRule AttentionGradOp::getShardingRule() { return headsRule(*this, getQkv()); }

// The part of y, by which dropout counts its elements.
void AttentionOp::localize(Operation *whole) { setPartAttr(partOfResult(whole, 0)); }
void AttentionGradOp::localize(Operation *whole) { setPartAttr(partOfOperand(whole, 0)); }

void AttentionOp::setSiteNumber(int64_t site) {
  if (getState())
    setSite(site);
}

void AttentionOp::toTraining(OpBuilder &builder) {
  if (getDropout().convertToDouble() > 0 && !getState())
    getStateMutable().assign(StepStateOp::create(builder, getLoc()));
}
void AttentionOp::toEvaluation(OpBuilder &) { setDropout(llvm::APFloat(0.0)); }

void AttentionOp::buildGradient(Gradients &gradients) {
  gradients.add(getQkv(), AttentionGradOp::create(
                              gradients.builder, gradients.nameFor(getQkv()),
                              gradients.of(getOutput()), getQkv(), getOutput(), getLse(),
                              getState(), getCausal(), getScaleAttr(), getDropout(), getSite(),
                              /*part=*/nullptr));
}

} // namespace autopar::graph
