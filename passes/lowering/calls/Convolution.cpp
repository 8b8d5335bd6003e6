// Convolutions and their gradients.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

/// The same for all three: `input` and `weight` are operand or result, as it may be.
template <typename Op> static void configure(Op op, Value input, Value weight, Config &config) {
  ArrayRef<int64_t> image = shapeOf(input), kernel = shapeOf(weight);
  ArrayRef<int64_t> strides = op.getStrides(), padding = op.getPadding(),
                    dilations = op.getDilations();
  config.integer("batch", image[0])
      .integer("height", image[1])
      .integer("width", image[2])
      .integer("channels", image[3])
      .integer("filters", kernel[0])
      .integer("kernelH", kernel[2])
      .integer("kernelW", kernel[3])
      .integer("strideH", strides[0])
      .integer("strideW", strides[1])
      .integer("padTop", padding[0])
      .integer("padLeft", padding[1])
      .integer("padBottom", padding[2])
      .integer("padRight", padding[3])
      .integer("dilationH", dilations[0])
      .integer("dilationW", dilations[1])
      .integer("groups", op.getGroups());
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
