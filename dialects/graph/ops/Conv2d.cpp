// Convolution: n and the output channels are parallel, the input channels are summed over; the
// window's dimensions are never split. Groups tie output and input channels into one factor.
#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::graph {

namespace {
/// The three shapes of a convolution, whichever of them an operation produces.
struct Shapes {
  ArrayRef<int64_t> input, weight, output;
};
} // namespace

static Shapes shapesOf(Conv2dOp op) {
  return {shapeOf(op.getInput()), shapeOf(op.getWeight()), shapeOf(op.getOutput())};
}
static Shapes shapesOf(Conv2dInputGradOp op) {
  return {shapeOf(op.getInputGrad()), shapeOf(op.getWeight()), shapeOf(op.getOutputGrad())};
}
static Shapes shapesOf(Conv2dWeightGradOp op) {
  return {shapeOf(op.getInput()), shapeOf(op.getWeightGrad()), shapeOf(op.getOutputGrad())};
}

/// Length of the output along one axis, or an error's text.
static FailureOr<int64_t> outputLength(int64_t length, int64_t before, int64_t after,
                                       int64_t kernel, int64_t dilation, int64_t stride) {
  int64_t span = length + before + after - (dilation * (kernel - 1) + 1);
  if (span < 0)
    return failure();
  return span / stride + 1;
}

/// Checks attributes and shapes against each other and gives the output's shape.
static FailureOr<SmallVector<int64_t>>
outputShape(std::optional<Location> loc, ArrayRef<int64_t> input, ArrayRef<int64_t> weight,
            ArrayRef<int64_t> strides, ArrayRef<int64_t> padding, ArrayRef<int64_t> dilations,
            int64_t groups) {
  auto error = [&](auto &&...parts) {
    (void)emitOptionalError(loc, parts...);
    return failure();
  };
  if (strides.size() != 2 || dilations.size() != 2 || padding.size() != 4)
    return error("a 2-d convolution has 2 strides, 2 dilations and 4 paddings (top, left, "
                 "bottom, right), not ",
                 strides.size(), ", ", dilations.size(), " and ", padding.size());
  if (input[3] % groups || weight[0] % groups)
    return error(groups, " groups do not divide ", input[3], " input and ", weight[0],
                 " output channels");
  if (weight[1] * groups != input[3])
    return error("weight is for ", weight[1] * groups, " input channels, the input has ",
                 input[3]);
  FailureOr<int64_t> height =
      outputLength(input[1], padding[0], padding[2], weight[2], dilations[0], strides[0]);
  FailureOr<int64_t> width =
      outputLength(input[2], padding[1], padding[3], weight[3], dilations[1], strides[1]);
  if (failed(height) || failed(width))
    return error("a window of ", weight[2], "x", weight[3], " does not fit an image of ",
                 input[1], "x", input[2], " with these strides, paddings and dilations");
  return SmallVector<int64_t>{input[0], *height, *width, weight[0]};
}

template <typename Op> static LogicalResult verifyShapes(Op op) {
  Shapes shapes = shapesOf(op);
  FailureOr<SmallVector<int64_t>> output =
      outputShape(op.getLoc(), shapes.input, shapes.weight, op.getStrides(), op.getPadding(),
                  op.getDilations(), op.getGroups());
  if (failed(output))
    return failure();
  if (ArrayRef<int64_t>(*output) != shapes.output)
    return op.emitOpError("has an output of [")
           << shapes.output << "] where its other shapes give [" << ArrayRef<int64_t>(*output)
           << "]";
  return success();
}
LogicalResult Conv2dInputGradOp::verify() { return verifyShapes(*this); }
LogicalResult Conv2dWeightGradOp::verify() { return verifyShapes(*this); }

LogicalResult Conv2dOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         ValueRange operands, DictionaryAttr attributes,
                                         OpaqueProperties properties, RegionRange regions,
                                         SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  FailureOr<SmallVector<int64_t>> shape = outputShape(
      loc, shapeOf(adaptor.getInput()), shapeOf(adaptor.getWeight()), adaptor.getStrides(),
      adaptor.getPadding(), adaptor.getDilations(), adaptor.getGroups());
  if (failed(shape))
    return failure();
  types.push_back(typeOf(adaptor.getInput()).clone(*shape));
  return success();
}

template <typename Op> static double flops(Op op) {
  Shapes shapes = shapesOf(op);
  double outputs = ShapedType::getNumElements(shapes.output);
  return 2 * outputs * shapes.weight[1] * shapes.weight[2] * shapes.weight[3];
}
double Conv2dOp::getFlops() { return flops(*this); }
double Conv2dInputGradOp::getFlops() { return flops(*this); }
double Conv2dWeightGradOp::getFlops() { return flops(*this); }

namespace {
/// Where the factors stand on each of the three tensors.
struct ConvDims {
  SmallVector<int> input, weight, output;
};
} // namespace

/// `summed`: which of n, k, c the operation sums over.
static ConvDims addFactors(ShardingRule &rule, Shapes shapes, int64_t groups, char summed) {
  constexpr int w = ShardingRule::whole;
  auto kind = [&](char name) {
    return name == summed ? FactorKind::Reduction : FactorKind::Parallel;
  };
  int n = rule.add("n", shapes.input[0], kind('n'));
  if (groups > 1) {
    // A block of groups is a smaller convolution of its own: one factor for both channels.
    int g = rule.add("g", groups, FactorKind::Parallel);
    return {{n, w, w, g}, {g, w, w, w}, {n, w, w, g}};
  }
  int k = rule.add("k", shapes.weight[0], kind('k'));
  int c = rule.add("c", shapes.weight[1], kind('c'));
  return {{n, w, w, c}, {k, c, w, w}, {n, w, w, k}};
}

ShardingRule Conv2dOp::getShardingRule() {
  ShardingRule rule;
  ConvDims dims = addFactors(rule, shapesOf(*this), getGroups(), 'c');
  rule.operand(dims.input);
  rule.operand(dims.weight);
  rule.result(dims.output);
  return rule;
}
ShardingRule Conv2dInputGradOp::getShardingRule() {
  ShardingRule rule;
  ConvDims dims = addFactors(rule, shapesOf(*this), getGroups(), 'k');
  rule.operand(dims.output);
  rule.operand(dims.weight);
  rule.result(dims.input);
  return rule;
}
ShardingRule Conv2dWeightGradOp::getShardingRule() {
  ShardingRule rule;
  ConvDims dims = addFactors(rule, shapesOf(*this), getGroups(), 'n');
  rule.operand(dims.input);
  rule.operand(dims.output);
  rule.result(dims.weight);
  return rule;
}

/// A rank that holds some of the groups convolves only those.
template <typename Op> static void localizeGroups(Op op, Operation *whole) {
  if (op.getGroups() == 1)
    return;
  int64_t split = shapesOf(cast<Op>(whole)).weight[0] / shapesOf(op).weight[0];
  op.setGroups(op.getGroups() / split);
}
void Conv2dOp::localize(Operation *whole) { localizeGroups(*this, whole); }
void Conv2dInputGradOp::localize(Operation *whole) { localizeGroups(*this, whole); }
void Conv2dWeightGradOp::localize(Operation *whole) { localizeGroups(*this, whole); }

void Conv2dOp::buildGradient(Gradients &gradients) {
  Value dy = gradients.of(getOutput());
  if (gradients.wants(getInput()))
    gradients.add(getInput(),
                  Conv2dInputGradOp::create(gradients.builder, gradients.nameFor(getInput()),
                                            getInput().getType(), dy, getWeight(), getStrides(),
                                            getPadding(), getDilations(), getGroups()));
  if (gradients.wants(getWeight()))
    gradients.add(getWeight(),
                  Conv2dWeightGradOp::create(
                      gradients.builder, gradients.nameFor(getWeight()), getWeight().getType(),
                      getInput(), dy, getStrides(), getPadding(), getDilations(), getGroups()));
}

/// A transposed convolution's: the product is linear in either, and the three shapes change
/// places.
void Conv2dInputGradOp::buildGradient(Gradients &gradients) {
  Value dy = gradients.of(getInputGrad());
  if (gradients.wants(getOutputGrad()))
    gradients.add(getOutputGrad(),
                  Conv2dOp::create(gradients.builder, gradients.nameFor(getOutputGrad()), dy,
                                   getWeight(), getStrides(), getPadding(), getDilations(),
                                   getGroups()));
  if (gradients.wants(getWeight()))
    gradients.add(getWeight(),
                  Conv2dWeightGradOp::create(gradients.builder, gradients.nameFor(getWeight()),
                                             getWeight().getType(), dy, getOutputGrad(),
                                             getStrides(), getPadding(), getDilations(),
                                             getGroups()));
}

} // namespace autopar::graph
