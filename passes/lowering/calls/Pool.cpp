// Pooling. A pool over whole images is an average pool with a window as large as the
// image: its [N, C] has the bytes of the pool's [N, 1, 1, C].
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

#include "autopar/core/shapes/Pool.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

/// A pool over whole images.
static shapes::Pool image(Value input) {
  ArrayRef<int64_t> shape = shapeOf(input);
  return {.batch = shape[0],
          .height = shape[1],
          .width = shape[2],
          .channels = shape[3],
          .kernelH = shape[1],
          .kernelW = shape[2]};
}

/// `input` is the image before pooling.
template <typename Op> static shapes::Pool window(Op op, Value input) {
  ArrayRef<int64_t> kernel = op.getKernel(), strides = op.getStrides(),
                    padding = op.getPadding();
  shapes::Pool pool = image(input);
  pool.kernelH = kernel[0];
  pool.kernelW = kernel[1];
  pool.strideH = strides[0];
  pool.strideW = strides[1];
  pool.padTop = padding[0];
  pool.padLeft = padding[1];
  pool.padBottom = padding[2];
  pool.padRight = padding[3];
  return pool;
}

/// Of averages, which are divided as the operation says.
template <typename Op> static shapes::Pool averages(Op op, Value input) {
  shapes::Pool pool = window(op, input);
  pool.countIncludePad = op.getCountIncludePad();
  return pool;
}

void addPoolPatterns(CallPatterns &patterns) {
  addCall<MaxPoolOp>(patterns, "MaxPool", [](MaxPoolOp op, Config &config) {
    config.shape(window(op, op.getInput()));
  });
  addCall<MaxPoolGradOp>(patterns, "MaxPoolGrad", [](MaxPoolGradOp op, Config &config) {
    config.shape(window(op, op.getInputGrad()));
  });
  addCall<AvgPoolOp>(patterns, "AvgPool", [](AvgPoolOp op, Config &config) {
    config.shape(averages(op, op.getInput()));
  });
  addCall<AvgPoolGradOp>(patterns, "AvgPoolGrad", [](AvgPoolGradOp op, Config &config) {
    config.shape(averages(op, op.getInputGrad()));
  });
  addCall<GlobalAvgPoolOp>(patterns, "AvgPool", [](GlobalAvgPoolOp op, Config &config) {
    config.shape(image(op.getInput()));
  });
  addCall<GlobalAvgPoolGradOp>(
      patterns, "AvgPoolGrad",
      [](GlobalAvgPoolGradOp op, Config &config) { config.shape(image(op.getInputGrad())); });
}

} // namespace autopar::lowering
