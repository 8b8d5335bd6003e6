// Pooling: images and channels are parallel, windows are never split.
#include "dialects/graph/Graph.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace autopar::graph {

static FailureOr<SmallVector<int64_t>>
pooledShape(std::optional<Location> loc, ArrayRef<int64_t> input, ArrayRef<int64_t> kernel,
            ArrayRef<int64_t> strides, ArrayRef<int64_t> padding) {
  auto error = [&](auto &&...parts) {
    (void)emitOptionalError(loc, parts...);
    return failure();
  };
  if (kernel.size() != 2 || strides.size() != 2 || padding.size() != 4)
    return error("a pool has 2 kernel sizes, 2 strides and 4 paddings (top, left, bottom, "
                 "right), not ",
                 kernel.size(), ", ", strides.size(), " and ", padding.size());
  SmallVector<int64_t> shape(input);
  for (int i = 0; i < 2; ++i) {
    int64_t span = input[1 + i] + padding[i] + padding[2 + i] - kernel[i];
    if (span < 0)
      return error("a window of ", kernel[0], "x", kernel[1], " does not fit an image of ",
                   input[1], "x", input[2], " with these strides and paddings");
    // A window that lies wholly in the padding has no largest element.
    if (padding[i] >= kernel[i] || padding[2 + i] >= kernel[i])
      return error("a padding of ", std::max(padding[i], padding[2 + i]),
                   " is not below the window's ", kernel[i]);
    shape[1 + i] = span / strides[i] + 1;
  }
  return shape;
}

LogicalResult MaxPoolOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                          ValueRange operands, DictionaryAttr attributes,
                                          OpaqueProperties properties, RegionRange regions,
                                          SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  FailureOr<SmallVector<int64_t>> shape =
      pooledShape(loc, shapeOf(adaptor.getInput()), adaptor.getKernel(), adaptor.getStrides(),
                  adaptor.getPadding());
  if (failed(shape))
    return failure();
  types.push_back(typeOf(adaptor.getInput()).clone(*shape));
  types.push_back(RankedTensorType::get(*shape, IntegerType::get(context, 8)));
  return success();
}
LogicalResult AvgPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                          ValueRange operands, DictionaryAttr attributes,
                                          OpaqueProperties properties, RegionRange regions,
                                          SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  FailureOr<SmallVector<int64_t>> shape =
      pooledShape(loc, shapeOf(adaptor.getInput()), adaptor.getKernel(), adaptor.getStrides(),
                  adaptor.getPadding());
  if (failed(shape))
    return failure();
  types.push_back(typeOf(adaptor.getInput()).clone(*shape));
  return success();
}
LogicalResult GlobalAvgPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                                ValueRange operands, DictionaryAttr,
                                                OpaqueProperties, RegionRange,
                                                SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> shape = shapeOf(operands[0]);
  types.push_back(typeOf(operands[0]).clone({shape[0], shape[3]}));
  return success();
}
LogicalResult FlattenOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                          ValueRange operands, DictionaryAttr, OpaqueProperties,
                                          RegionRange, SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> shape = shapeOf(operands[0]);
  types.push_back(typeOf(operands[0]).clone({shape[0], shape[1] * shape[2] * shape[3]}));
  return success();
}

LogicalResult MaxPoolOp::verify() {
  // The place in the window is kept in a byte. How many sizes a kernel has is checked only
  // after this, where types are inferred.
  int64_t elements = 1;
  for (int64_t size : getKernel())
    if (llvm::MulOverflow(elements, size, elements) || elements > 255)
      return emitOpError("has a window of ")
             << "[" << getKernel() << "]; at most 255 elements are supported";
  return success();
}
/// A gradient has the shape of what was pooled: pooling it again has to give that of `pooled`.
template <typename Op> static LogicalResult verifyPooled(Op op, Value pooled) {
  FailureOr<SmallVector<int64_t>> shape =
      pooledShape(op.getLoc(), shapeOf(op.getInputGrad()), op.getKernel(), op.getStrides(),
                  op.getPadding());
  if (failed(shape))
    return failure();
  if (ArrayRef<int64_t>(*shape) != shapeOf(pooled))
    return op.emitOpError("has ") << pooled.getType() << " where its result was pooled to ["
                                  << ArrayRef<int64_t>(*shape) << "]";
  return success();
}
LogicalResult MaxPoolGradOp::verify() {
  return failure(failed(verifyPooled(*this, getOutputGrad())) ||
                 failed(verifyPooled(*this, getIndices())));
}
LogicalResult AvgPoolGradOp::verify() { return verifyPooled(*this, getOutputGrad()); }
LogicalResult GlobalAvgPoolGradOp::verify() {
  ArrayRef<int64_t> images = shapeOf(getInputGrad()), rows = shapeOf(getOutputGrad());
  if (images.front() != rows[0] || images.back() != rows[1])
    return emitOpError("turns ") << getOutputGrad().getType() << " into "
                                 << getInputGrad().getType()
                                 << "; the images and their channels must be as many";
  return success();
}
LogicalResult UnflattenOp::verify() {
  if (shapeOf(getOutputGrad())[0] != shapeOf(getInputGrad())[0] ||
      getOutputGrad().getType().getNumElements() != getInputGrad().getType().getNumElements())
    return emitOpError("turns ") << getOutputGrad().getType() << " into "
                                 << getInputGrad().getType()
                                 << "; the images and their elements must be as many";
  return success();
}

static double windowFlops(Value pooled, ArrayRef<int64_t> kernel) {
  return double(cast<ShapedType>(pooled.getType()).getNumElements()) * kernel[0] * kernel[1];
}
double MaxPoolOp::getFlops() { return windowFlops(getOutput(), getKernel()); }
double MaxPoolGradOp::getFlops() { return windowFlops(getOutputGrad(), getKernel()); }
double AvgPoolOp::getFlops() { return windowFlops(getOutput(), getKernel()); }
double AvgPoolGradOp::getFlops() { return windowFlops(getOutputGrad(), getKernel()); }

bool FlattenOp::isView() { return true; }
bool UnflattenOp::isView() { return true; }

/// Every image stands on n and c; every matrix [n, c] as well.
static ShardingRule imagesAndChannels(Operation *op) {
  constexpr int w = ShardingRule::whole;
  ArrayRef<int64_t> shape = shapeOf(op->getOperand(0));
  ShardingRule rule;
  int n = rule.add("n", shape.front(), FactorKind::Parallel);
  int c = rule.add("c", shape.back(), FactorKind::Parallel);
  auto dims = [&](Value value) -> SmallVector<int> {
    if (shapeOf(value).size() == 2)
      return {n, c};
    return {n, w, w, c};
  };
  for (Value operand : op->getOperands())
    rule.operand(dims(operand));
  for (Value result : op->getResults())
    rule.result(dims(result));
  return rule;
}
ShardingRule MaxPoolOp::getShardingRule() { return imagesAndChannels(*this); }
ShardingRule MaxPoolGradOp::getShardingRule() { return imagesAndChannels(*this); }
ShardingRule AvgPoolOp::getShardingRule() { return imagesAndChannels(*this); }
ShardingRule AvgPoolGradOp::getShardingRule() { return imagesAndChannels(*this); }
ShardingRule GlobalAvgPoolOp::getShardingRule() { return imagesAndChannels(*this); }
ShardingRule GlobalAvgPoolGradOp::getShardingRule() { return imagesAndChannels(*this); }

/// Flattened columns mix space and channels: only whole images can be split off.
static ShardingRule imagesOnly(Value images, bool imagesAreOperand) {
  constexpr int w = ShardingRule::whole;
  ShardingRule rule;
  int n = rule.add("n", shapeOf(images)[0], FactorKind::Parallel);
  if (imagesAreOperand) {
    rule.operand({n, w, w, w});
    rule.result({n, w});
  } else {
    rule.operand({n, w});
    rule.result({n, w, w, w});
  }
  return rule;
}
ShardingRule FlattenOp::getShardingRule() { return imagesOnly(getInput(), true); }
ShardingRule UnflattenOp::getShardingRule() { return imagesOnly(getInputGrad(), false); }

void MaxPoolOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(),
                MaxPoolGradOp::create(gradients.builder, gradients.nameFor(getInput()),
                                      getInput().getType(), gradients.of(getOutput()),
                                      getIndices(), getKernel(), getStrides(), getPadding()));
}
void AvgPoolOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(), AvgPoolGradOp::create(
                                gradients.builder, gradients.nameFor(getInput()),
                                getInput().getType(), gradients.of(getOutput()), getKernel(),
                                getStrides(), getPadding(), getCountIncludePad()));
}
void GlobalAvgPoolOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(),
                GlobalAvgPoolGradOp::create(gradients.builder, gradients.nameFor(getInput()),
                                            getInput().getType(), gradients.of(getOutput())));
}
void FlattenOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(),
                UnflattenOp::create(gradients.builder, gradients.nameFor(getInput()),
                                    getInput().getType(), gradients.of(getOutput())));
}

} // namespace autopar::graph
