// Pooling. A pool over whole images is an average pool with a window as large as the
// image: its [N, C] has the bytes of the pool's [N, 1, 1, C].
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

static Config &image(Value input, Config &config) {
  ArrayRef<int64_t> shape = shapeOf(input);
  return config.integer("batch", shape[0])
      .integer("height", shape[1])
      .integer("width", shape[2])
      .integer("channels", shape[3]);
}

/// `input` is the image before pooling.
template <typename Op> static Config &window(Op op, Value input, Config &config) {
  ArrayRef<int64_t> kernel = op.getKernel(), strides = op.getStrides(),
                    padding = op.getPadding();
  return image(input, config)
      .integer("kernelH", kernel[0])
      .integer("kernelW", kernel[1])
      .integer("strideH", strides[0])
      .integer("strideW", strides[1])
      .integer("padTop", padding[0])
      .integer("padLeft", padding[1])
      .integer("padBottom", padding[2])
      .integer("padRight", padding[3]);
}

static Config &wholeImage(Value input, Config &config) {
  ArrayRef<int64_t> shape = shapeOf(input);
  return image(input, config).integer("kernelH", shape[1]).integer("kernelW", shape[2]);
}

void addPoolPatterns(CallPatterns &patterns) {
  addCall<MaxPoolOp>(patterns, "MaxPool",
                     [](MaxPoolOp op, Config &config) { window(op, op.getInput(), config); });
  addCall<MaxPoolGradOp>(patterns, "MaxPoolGrad", [](MaxPoolGradOp op, Config &config) {
    window(op, op.getInputGrad(), config);
  });
  addCall<AvgPoolOp>(patterns, "AvgPool", [](AvgPoolOp op, Config &config) {
    window(op, op.getInput(), config).flag("countIncludePad", op.getCountIncludePad());
  });
  addCall<AvgPoolGradOp>(patterns, "AvgPoolGrad", [](AvgPoolGradOp op, Config &config) {
    window(op, op.getInputGrad(), config).flag("countIncludePad", op.getCountIncludePad());
  });
  addCall<GlobalAvgPoolOp>(patterns, "AvgPool", [](GlobalAvgPoolOp op, Config &config) {
    wholeImage(op.getInput(), config);
  });
  addCall<GlobalAvgPoolGradOp>(
      patterns, "AvgPoolGrad",
      [](GlobalAvgPoolGradOp op, Config &config) { wholeImage(op.getInputGrad(), config); });
}

} // namespace autopar::lowering
