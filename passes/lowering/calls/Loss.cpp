// The loss, its gradient and the count of right answers.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

static Config &batchAndClasses(Value logits, Config &config) {
  return config.integer("batch", shapeOf(logits)[0]).integer("classes", shapeOf(logits)[1]);
}

template <typename Op>
static void addCrossEntropy(CallPatterns &patterns, StringRef callee) {
  addCall<Op>(patterns, callee, [](Op op, Config &config) {
    batchAndClasses(op.getLogits(), config)
        .integer("count", op.getCount())
        .real("labelSmoothing", op.getLabelSmoothing().convertToDouble());
  });
}

void addLossPatterns(CallPatterns &patterns) {
  addCrossEntropy<SoftmaxCrossEntropyOp>(patterns, "SoftmaxCrossEntropy");
  addCrossEntropy<SoftmaxCrossEntropyGradOp>(patterns, "SoftmaxCrossEntropyGrad");
  addCall<LossOp>(patterns, "Scale", [](LossOp op, Config &config) {
    config.integer("count", 1).real("factor", 1.0 / static_cast<double>(op.getCount()));
  });
  addCall<CountKeptOp>(patterns, "CountKept", [](CountKeptOp op, Config &config) {
    config.integer("count", elementsOf(op.getLabels()));
  });
  addCall<CountCorrectOp>(patterns, "CountCorrect", [](CountCorrectOp op, Config &config) {
    batchAndClasses(op.getLogits(), config);
  });
}

} // namespace autopar::lowering
