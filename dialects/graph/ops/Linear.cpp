// Fully connected layers: n rows and o outputs are parallel, the i inputs are summed over.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

namespace {
/// Factors of y[n, o] = x[n, i] w[o, i]; the kinds depend on which of the three is the result.
struct Factors {
  int n, o, i;
};
} // namespace

static double multiplyAdds(double n, double o, double i) { return 2 * n * o * i; }

static LogicalResult matrixResult(std::optional<Location> loc, int64_t inner0, int64_t inner1,
                                  int64_t rows, int64_t columns, Type elementType,
                                  SmallVectorImpl<Type> &types) {
  if (inner0 != inner1)
    return emitOptionalError(loc, "dimensions to be summed over differ: ", inner0, " and ",
                             inner1);
  types.push_back(RankedTensorType::get({rows, columns}, elementType));
  return success();
}

static ArrayRef<int64_t> shape(ValueRange operands, unsigned i) { return shapeOf(operands[i]); }

LogicalResult LinearOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         ValueRange operands, DictionaryAttr, OpaqueProperties,
                                         RegionRange, SmallVectorImpl<Type> &types) {
  return matrixResult(loc, shape(operands, 0)[1], shape(operands, 1)[1], shape(operands, 0)[0],
                      shape(operands, 1)[0], typeOf(operands[0]).getElementType(), types);
}
LogicalResult LinearInputGradOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                  ValueRange operands, DictionaryAttr,
                                                  OpaqueProperties, RegionRange,
                                                  SmallVectorImpl<Type> &types) {
  return matrixResult(loc, shape(operands, 0)[1], shape(operands, 1)[0], shape(operands, 0)[0],
                      shape(operands, 1)[1], typeOf(operands[0]).getElementType(), types);
}
LogicalResult LinearWeightGradOp::inferReturnTypes(MLIRContext *context,
                                                   std::optional<Location> loc,
                                                   ValueRange operands, DictionaryAttr,
                                                   OpaqueProperties, RegionRange,
                                                   SmallVectorImpl<Type> &types) {
  return matrixResult(loc, shape(operands, 0)[0], shape(operands, 1)[0], shape(operands, 1)[1],
                      shape(operands, 0)[1], Float32Type::get(context), types);
}
LogicalResult BiasGradOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                           ValueRange operands, DictionaryAttr attributes,
                                           OpaqueProperties properties, RegionRange regions,
                                           SmallVectorImpl<Type> &types) {
  BiasGradOpAdaptor grad(operands, attributes, *properties.as<Properties *>(), regions);
  RankedTensorType type = typeOf(operands[0]);
  int64_t biasRank = grad.getBiasRank();
  if (biasRank > type.getRank())
    return emitOptionalError(loc, "bias_rank is ", biasRank, " for a gradient of ",
                             type.getRank(), " dimensions; the bias stands on the last ones");
  types.push_back(type.clone(type.getShape().take_back(biasRank), Float32Type::get(context)));
  return success();
}

double LinearOp::getFlops() {
  return multiplyAdds(shapeOf(getInput())[0], shapeOf(getWeight())[0], shapeOf(getWeight())[1]);
}
double LinearInputGradOp::getFlops() {
  return multiplyAdds(shapeOf(getOutputGrad())[0], shapeOf(getWeight())[0],
                      shapeOf(getWeight())[1]);
}
double LinearWeightGradOp::getFlops() {
  return multiplyAdds(shapeOf(getInput())[0], shapeOf(getWeightGrad())[0],
                      shapeOf(getWeightGrad())[1]);
}
double BiasAddOp::getFlops() { return getOutput().getType().getNumElements(); }
double BiasGradOp::getFlops() { return getOutputGrad().getType().getNumElements(); }

static Factors addFactors(ShardingRule &rule, int64_t n, int64_t o, int64_t i, char summed) {
  auto kind = [&](char name) {
    return name == summed ? FactorKind::Reduction : FactorKind::Parallel;
  };
  int factorN = rule.add("n", n, kind('n'));
  int factorO = rule.add("o", o, kind('o'));
  int factorI = rule.add("i", i, kind('i'));
  return {factorN, factorO, factorI};
}

ShardingRule LinearOp::getShardingRule() {
  ShardingRule rule;
  auto [n, o, i] = addFactors(rule, shapeOf(getInput())[0], shapeOf(getWeight())[0],
                              shapeOf(getWeight())[1], 'i');
  rule.operand({n, i});
  rule.operand({o, i});
  rule.result({n, o});
  return rule;
}
ShardingRule LinearInputGradOp::getShardingRule() {
  ShardingRule rule;
  auto [n, o, i] = addFactors(rule, shapeOf(getOutputGrad())[0], shapeOf(getWeight())[0],
                              shapeOf(getWeight())[1], 'o');
  rule.operand({n, o});
  rule.operand({o, i});
  rule.result({n, i});
  return rule;
}
ShardingRule LinearWeightGradOp::getShardingRule() {
  ShardingRule rule;
  auto [n, o, i] = addFactors(rule, shapeOf(getInput())[0], shapeOf(getWeightGrad())[0],
                              shapeOf(getWeightGrad())[1], 'n');
  rule.operand({n, i});
  rule.operand({n, o});
  rule.result({o, i});
  return rule;
}
/// One factor a dimension of the rows; the bias stands on the last ones.
static SmallVector<int> addRowFactors(ShardingRule &rule, ArrayRef<int64_t> rows,
                                      int64_t biasRank, FactorKind leading) {
  SmallVector<int> dims = addFactors(rule, rows.drop_back(biasRank), leading);
  for (auto [i, size] : llvm::enumerate(rows.take_back(biasRank)))
    dims.push_back(rule.add("b" + std::to_string(i), size, FactorKind::Parallel));
  return dims;
}
ShardingRule BiasAddOp::getShardingRule() {
  ShardingRule rule;
  int64_t biasRank = shapeOf(getBias()).size();
  SmallVector<int> dims =
      addRowFactors(rule, shapeOf(getInput()), biasRank, FactorKind::Parallel);
  rule.operand(dims);
  rule.operand(ArrayRef(dims).take_back(biasRank));
  rule.result(dims);
  return rule;
}
ShardingRule BiasGradOp::getShardingRule() {
  ShardingRule rule;
  int64_t biasRank = getBiasRank();
  SmallVector<int> dims =
      addRowFactors(rule, shapeOf(getOutputGrad()), biasRank, FactorKind::Reduction);
  rule.operand(dims);
  rule.result(ArrayRef(dims).take_back(biasRank));
  return rule;
}

LogicalResult BiasAddOp::verify() {
  ArrayRef<int64_t> input = shapeOf(getInput()), bias = shapeOf(getBias());
  if (bias.empty() || bias.size() > input.size() || input.take_back(bias.size()) != bias)
    return emitOpError("has a bias of [")
           << bias << "], which does not stand on the last dimensions of [" << input << "]";
  return success();
}

void LinearOp::buildGradient(Gradients &gradients) {
  Value dy = gradients.of(getOutput());
  if (gradients.wants(getInput()))
    gradients.add(getInput(),
                  LinearInputGradOp::create(gradients.builder, gradients.nameFor(getInput()),
                                            dy, getWeight()));
  if (gradients.wants(getWeight()))
    gradients.add(getWeight(),
                  LinearWeightGradOp::create(gradients.builder, gradients.nameFor(getWeight()),
                                             getInput(), dy));
}

void BiasAddOp::buildGradient(Gradients &gradients) {
  Value dy = gradients.of(getOutput());
  if (gradients.wants(getInput()))
    gradients.add(getInput(), dy);
  if (gradients.wants(getBias()))
    gradients.add(getBias(),
                  BiasGradOp::create(gradients.builder, gradients.nameFor(getBias()), dy,
                                     /*bias_rank=*/shapeOf(getBias()).size()));
}

} // namespace autopar::graph
