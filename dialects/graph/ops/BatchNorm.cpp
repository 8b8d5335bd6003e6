// Batch norm and its parts. Rows n and channels c are parallel where a result keeps them; sums
// over the batch reduce n, so a split batch leaves them unreduced until an all-reduce.
#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::graph {

LogicalResult BatchNormOp::verify() {
  int64_t channels = shapeOf(getInput())[3];
  for (Value value : {getGamma(), getBeta(), getRunningMean(), getRunningVar()})
    if (shapeOf(value)[0] != channels)
      return emitOpError("has ") << channels << " channels and an operand of "
                                 << value.getType();
  for (Value value : {getRunningMean(), getRunningVar()})
    if (!value.getDefiningOp<VariableOp>())
      return emitOpError("keeps running statistics in a value that is not a graph.variable");
  ArrayRef<int64_t> shape = shapeOf(getInput());
  if (shape[0] * shape[1] * shape[2] < 2)
    return emitOpError("has one value a channel in ")
           << getInput().getType() << "; a variance needs two: a larger batch or image";
  return success();
}

/// Checks all values against the first operand: images have its shape, sums are [2, C] and
/// channel vectors [C], where C is its last dimension.
template <typename Op> static LogicalResult verifyNorm(Op op) {
  SmallVector<Value> values(op->getOperands());
  llvm::append_range(values, op->getResults());
  ArrayRef<int64_t> first = shapeOf(values.front());
  int64_t channels = first.back();
  for (Value value : values) {
    SmallVector<int64_t> expected(first);
    if (shapeOf(value).size() == 2)
      expected = {2, channels};
    else if (shapeOf(value).size() == 1)
      expected = {channels};
    if (shapeOf(value) != ArrayRef<int64_t>(expected))
      return op.emitOpError("has a value of [")
             << shapeOf(value) << "] where its first operand asks for ["
             << ArrayRef<int64_t>(expected) << "]";
  }
  if constexpr (requires { op.getCount(); })
    if (op.getCount() < 2)
      return op.emitOpError("has count ")
             << op.getCount() << "; it is the rows of the whole batch, at least 2";
  return success();
}
LogicalResult BatchNormStatsOp::verify() { return verifyNorm(*this); }
LogicalResult BatchNormApplyOp::verify() { return verifyNorm(*this); }
LogicalResult BatchNormGradSumsOp::verify() { return verifyNorm(*this); }
LogicalResult BatchNormGradInputOp::verify() { return verifyNorm(*this); }
LogicalResult BatchNormGradParametersOp::verify() { return verifyNorm(*this); }
LogicalResult BatchNormRunningOp::verify() { return verifyNorm(*this); }
LogicalResult BatchNormInferenceOp::verify() { return verifyNorm(*this); }

/// `bn1` -> `bn1.stats`
static Location part(Operation *op, StringRef suffix) {
  return named(op->getLoc(), nameOf(op) + "." + suffix);
}
static Location nameOfVariable(Value value) {
  return named(value.getLoc(), nameOf(value) + ".new");
}

/// `output` stands for the model's batch norm, with what the user says of it (a sharding).
static void replace(BatchNormOp norm, Value output) {
  output.getDefiningOp()->setDiscardableAttrs(norm->getDiscardableAttrDictionary());
  norm.getOutput().replaceAllUsesWith(output);
  norm.erase();
}

void BatchNormOp::toTraining(OpBuilder &builder) {
  ArrayRef<int64_t> shape = shapeOf(getInput());
  int64_t count = shape[0] * shape[1] * shape[2];
  Value stats = BatchNormStatsOp::create(builder, part(*this, "stats"), getInput());
  Value output =
      BatchNormApplyOp::create(builder, getLoc(), getOutput().getType(), getInput(), stats,
                               getGamma(), getBeta(), /*residual=*/Value(), count,
                               getEpsilon(), /*relu=*/false);
  auto running = BatchNormRunningOp::create(builder, part(*this, "running"), stats,
                                            getRunningMean(), getRunningVar(), count,
                                            getMomentum());
  for (auto [old, updated] : llvm::zip_equal(ValueRange{getRunningMean(), getRunningVar()},
                                             running.getResults()))
    AssignOp::create(builder, nameOfVariable(old), old.getDefiningOp<VariableOp>().getName(),
                     updated);
  replace(*this, output);
}

void BatchNormOp::toEvaluation(OpBuilder &builder) {
  Value output = BatchNormInferenceOp::create(
      builder, getLoc(), getOutput().getType(), getInput(), getGamma(), getBeta(),
      getRunningMean(), getRunningVar(), /*residual=*/Value(), getEpsilon(), /*relu=*/false);
  replace(*this, output);
}

static LogicalResult channelSums(MLIRContext *context, ValueRange operands,
                                 SmallVectorImpl<Type> &types) {
  types.push_back(
      RankedTensorType::get({2, shapeOf(operands[0])[3]}, Float64Type::get(context)));
  return success();
}
LogicalResult BatchNormStatsOp::inferReturnTypes(MLIRContext *context, std::optional<Location>,
                                                 ValueRange operands, DictionaryAttr,
                                                 OpaqueProperties, RegionRange,
                                                 SmallVectorImpl<Type> &types) {
  return channelSums(context, operands, types);
}
LogicalResult BatchNormGradSumsOp::inferReturnTypes(MLIRContext *context,
                                                    std::optional<Location>,
                                                    ValueRange operands, DictionaryAttr,
                                                    OpaqueProperties, RegionRange,
                                                    SmallVectorImpl<Type> &types) {
  return channelSums(context, operands, types);
}
LogicalResult BatchNormGradParametersOp::inferReturnTypes(MLIRContext *context,
                                                          std::optional<Location>,
                                                          ValueRange operands, DictionaryAttr,
                                                          OpaqueProperties, RegionRange,
                                                          SmallVectorImpl<Type> &types) {
  types.assign(2, RankedTensorType::get({shapeOf(operands[0])[1]}, Float32Type::get(context)));
  return success();
}

double BatchNormStatsOp::getFlops() { return perElement(getInput(), 3); }
double BatchNormApplyOp::getFlops() { return perElement(getInput(), 4); }
double BatchNormGradSumsOp::getFlops() { return perElement(getInput(), 5); }
double BatchNormGradInputOp::getFlops() { return perElement(getInput(), 6); }
double BatchNormGradParametersOp::getFlops() { return perElement(getSums(), 1); }
double BatchNormRunningOp::getFlops() { return perElement(getStats(), 4); }
double BatchNormInferenceOp::getFlops() { return perElement(getInput(), 4); }

static bool isImage(Value value) { return shapeOf(value).size() == 4; }

/// Images stand on n and c, sums and channel vectors on c; n is reduced unless an image results.
static ShardingRule normRule(Operation *op) {
  constexpr int w = ShardingRule::whole;
  ShardingRule rule;
  int c = rule.add("c", shapeOf(op->getOperand(0)).back(), FactorKind::Parallel);
  int n = w;
  if (isImage(op->getOperand(0)))
    n = rule.add("n", shapeOf(op->getOperand(0))[0],
                 isImage(op->getResult(0)) ? FactorKind::Parallel : FactorKind::Reduction);
  auto dims = [&](Value value) -> SmallVector<int> {
    switch (shapeOf(value).size()) {
    case 4:
      return {n, w, w, c};
    case 2:
      return {w, c};
    default:
      return {c};
    }
  };
  for (Value operand : op->getOperands())
    rule.operand(dims(operand));
  for (Value result : op->getResults())
    rule.result(dims(result));
  return rule;
}
ShardingRule BatchNormStatsOp::getShardingRule() { return normRule(*this); }
ShardingRule BatchNormApplyOp::getShardingRule() { return normRule(*this); }
ShardingRule BatchNormGradSumsOp::getShardingRule() { return normRule(*this); }
ShardingRule BatchNormGradInputOp::getShardingRule() { return normRule(*this); }
ShardingRule BatchNormGradParametersOp::getShardingRule() { return normRule(*this); }
ShardingRule BatchNormRunningOp::getShardingRule() { return normRule(*this); }
ShardingRule BatchNormInferenceOp::getShardingRule() { return normRule(*this); }

void BatchNormApplyOp::buildGradient(Gradients &gradients) {
  OpBuilder &builder = gradients.builder;
  Value dy = gradients.of(getOutput());
  Value sums = BatchNormGradSumsOp::create(builder, part(*this, "grad_sums"), getInput(),
                                           getStats(), dy, /*mask=*/Value(), getCount(),
                                           getEpsilon());
  if (gradients.wants(getInput()))
    gradients.add(getInput(), BatchNormGradInputOp::create(
                                  builder, gradients.nameFor(getInput()),
                                  getInput().getType(), getInput(), getStats(), getGamma(),
                                  sums, dy, /*mask=*/Value(), getCount(), getEpsilon()));
  auto parameters =
      BatchNormGradParametersOp::create(builder, part(*this, "grad_parameters"), sums);
  gradients.add(getGamma(), parameters.getGammaGrad());
  gradients.add(getBeta(), parameters.getBetaGrad());
}

} // namespace autopar::graph
