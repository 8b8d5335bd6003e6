// Layer norm: rows are independent and stay whole. Gradients of gamma and beta are sums over
// rows.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

/// Checks each operand: of the rows' shape, [C] for a parameter, the rows without C for a
/// statistic.
static LogicalResult checkShapes(std::optional<Location> loc, Value rows, ValueRange parameters,
                                 ValueRange statistics, ValueRange more = {}) {
  ArrayRef<int64_t> shape = shapeOf(rows);
  if (shape.empty())
    return emitOptionalError(loc, "a layer norm needs a last dimension to normalize over");
  auto check = [&](ValueRange values, ArrayRef<int64_t> expected) -> LogicalResult {
    for (Value value : values)
      if (shapeOf(value) != expected)
        return emitOptionalError(loc, "has an operand of ", value.getType(), " beside rows of ",
                                 rows.getType());
    return success();
  };
  return failure(failed(check(more, shape)) || failed(check(parameters, shape.take_back())) ||
                 failed(check(statistics, shape.drop_back())));
}

LogicalResult LayerNormOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                            ValueRange operands, DictionaryAttr attributes,
                                            OpaqueProperties properties, RegionRange regions,
                                            SmallVectorImpl<Type> &types) {
  LayerNormOpAdaptor norm(operands, attributes, *properties.as<Properties *>(), regions);
  if (failed(checkShapes(loc, norm.getInput(), {norm.getGamma(), norm.getBeta()}, {})))
    return failure();
  RankedTensorType type = typeOf(norm.getInput());
  RankedTensorType statistic =
      type.clone(type.getShape().drop_back(), Float32Type::get(context));
  types.append({type, statistic, statistic});
  return success();
}
LogicalResult LayerNormGradInputOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                     ValueRange operands, DictionaryAttr,
                                                     OpaqueProperties, RegionRange,
                                                     SmallVectorImpl<Type> &types) {
  LayerNormGradInputOpAdaptor grad(operands);
  types.push_back(grad.getInput().getType());
  return checkShapes(loc, grad.getInput(), {grad.getGamma()}, {grad.getMean(), grad.getRstd()},
                     {grad.getOutputGrad()});
}
LogicalResult LayerNormGradParametersOp::inferReturnTypes(MLIRContext *context,
                                                          std::optional<Location> loc,
                                                          ValueRange operands, DictionaryAttr,
                                                          OpaqueProperties, RegionRange,
                                                          SmallVectorImpl<Type> &types) {
  LayerNormGradParametersOpAdaptor grad(operands);
  if (failed(checkShapes(loc, grad.getInput(), {}, {grad.getMean(), grad.getRstd()},
                         {grad.getOutputGrad()})))
    return failure();
  RankedTensorType type = typeOf(grad.getInput());
  types.assign(2, type.clone(type.getShape().take_back(), Float32Type::get(context)));
  return success();
}

double LayerNormOp::getFlops() { return perElement(getInput(), 8); }
double LayerNormGradInputOp::getFlops() { return perElement(getInput(), 11); }
double LayerNormGradParametersOp::getFlops() { return perElement(getInput(), 5); }

/// Leading dimensions are `kind`; rows, parameters and statistics stand where their shapes do.
static ShardingRule normRule(Operation *op, Value rows, FactorKind kind) {
  ShardingRule rule;
  ArrayRef<int64_t> shape = shapeOf(rows);
  SmallVector<int> statistic = addFactors(rule, shape.drop_back(), kind);
  SmallVector<int> row = statistic;
  row.push_back(ShardingRule::whole);
  auto dims = [&](Value value) -> ArrayRef<int> {
    if (shapeOf(value).size() == shape.size())
      return row;
    return statistic;
  };
  for (Value operand : op->getOperands())
    rule.operand(dims(operand));
  for (Value result : op->getResults())
    rule.result(dims(result));
  return rule;
}
ShardingRule LayerNormOp::getShardingRule() {
  ShardingRule rule = normRule(*this, getInput(), FactorKind::Parallel);
  rule.operands[1] = rule.operands[2] = {ShardingRule::whole};
  return rule;
}
ShardingRule LayerNormGradInputOp::getShardingRule() {
  ShardingRule rule = normRule(*this, getInput(), FactorKind::Parallel);
  rule.operands[2] = {ShardingRule::whole};
  return rule;
}
ShardingRule LayerNormGradParametersOp::getShardingRule() {
  ShardingRule rule = normRule(*this, getInput(), FactorKind::Reduction);
  rule.results[0] = rule.results[1] = {ShardingRule::whole};
  return rule;
}

void LayerNormOp::buildGradient(Gradients &gradients) {
  OpBuilder &builder = gradients.builder;
  Value dy = gradients.of(getOutput());
  if (gradients.wants(getInput()))
    gradients.add(getInput(),
                  LayerNormGradInputOp::create(builder, gradients.nameFor(getInput()), dy,
                                               getInput(), getGamma(), getMean(), getRstd()));
  if (!gradients.wants(getGamma()) && !gradients.wants(getBeta()))
    return;
  auto parameters = LayerNormGradParametersOp::create(
      builder, named(getLoc(), nameOf(getOperation()) + ".grad_parameters"), dy, getInput(),
      getMean(), getRstd());
  if (gradients.wants(getGamma()))
    gradients.add(getGamma(), parameters.getGammaGrad());
  if (gradients.wants(getBeta()))
    gradients.add(getBeta(), parameters.getBetaGrad());
}

} // namespace autopar::graph
