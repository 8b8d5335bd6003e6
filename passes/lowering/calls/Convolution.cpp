// Convolutions and their gradients.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

#include "autopar/core/shapes/Conv2d.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

/// The same for all three: `input` and `weight` are operand or result, as it may be.
template <typename Op> static void configure(Op op, Value input, Value weight, Config &config) {
  ArrayRef<int64_t> image = shapeOf(input), kernel = shapeOf(weight);
  ArrayRef<int64_t> strides = op.getStrides(), padding = op.getPadding(),
                    dilations = op.getDilations();
  config.shape(shapes::Conv2d{.batch = image[0],
                              .height = image[1],
                              .width = image[2],
                              .channels = image[3],
                              .filters = kernel[0],
                              .kernelH = kernel[2],
                              .kernelW = kernel[3],
                              .strideH = strides[0],
                              .strideW = strides[1],
                              .padTop = padding[0],
                              .padLeft = padding[1],
                              .padBottom = padding[2],
                              .padRight = padding[3],
                              .dilationH = dilations[0],
                              .dilationW = dilations[1],
                              .groups = op.getGroups()});
}

void addConvolutionPatterns(CallPatterns &patterns) {
  addCall<Conv2dOp>(patterns, "Conv2dForward", [](Conv2dOp op, Config &config) {
    configure(op, op.getInput(), op.getWeight(), config);
  });
  addCall<Conv2dInputGradOp>(patterns, "Conv2dInputGrad",
                             [](Conv2dInputGradOp op, Config &config) {
                               configure(op, op.getInputGrad(), op.getWeight(), config);
                             });
  addCall<Conv2dWeightGradOp>(patterns, "Conv2dWeightGrad",
                              [](Conv2dWeightGradOp op, Config &config) {
                                configure(op, op.getInput(), op.getWeightGrad(), config);
                              });
}

} // namespace autopar::lowering
