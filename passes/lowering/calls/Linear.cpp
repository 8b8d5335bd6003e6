// Fully connected layers and their biases.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

#include "autopar/core/shapes/Products.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

/// y [batch, outputs] of x [batch, inputs], whichever of them the operation has.
static void product(int64_t batch, int64_t inputs, int64_t outputs, Config &config) {
  config.shape(shapes::Linear{.batch = batch, .inputs = inputs, .outputs = outputs});
}

/// The dimensions that a bias stands on count as one: its elements are the channels.
static void rowsAndChannels(Value rows, Value bias, Config &config) {
  config.integer("rows", elementsOf(rows) / elementsOf(bias))
      .integer("channels", elementsOf(bias));
}

void addLinearPatterns(CallPatterns &patterns) {
  addCall<LinearOp>(patterns, "LinearForward", [](LinearOp op, Config &config) {
    ArrayRef<int64_t> x = shapeOf(op.getInput()), y = shapeOf(op.getOutput());
    product(x[0], x[1], y[1], config);
  });
  addCall<LinearInputGradOp>(
      patterns, "LinearInputGrad", [](LinearInputGradOp op, Config &config) {
        ArrayRef<int64_t> dx = shapeOf(op.getInputGrad()), dy = shapeOf(op.getOutputGrad());
        product(dx[0], dx[1], dy[1], config);
      });
  addCall<LinearWeightGradOp>(
      patterns, "LinearWeightGrad", [](LinearWeightGradOp op, Config &config) {
        ArrayRef<int64_t> x = shapeOf(op.getInput()), dy = shapeOf(op.getOutputGrad());
        product(x[0], x[1], dy[1], config);
      });
  addCall<BiasAddOp>(patterns, "BiasAdd", [](BiasAddOp op, Config &config) {
    rowsAndChannels(op.getInput(), op.getBias(), config);
  });
  addCall<BiasGradOp>(patterns, "BiasGrad", [](BiasGradOp op, Config &config) {
    rowsAndChannels(op.getOutputGrad(), op.getBiasGrad(), config);
  });
}

} // namespace autopar::lowering
