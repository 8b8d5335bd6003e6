// The AdamW update, and the factor that all gradients decide together.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

void addAdamWPatterns(CallPatterns &patterns) {
  addCall<AdamWOp>(patterns, "AdamW", [](AdamWOp op, Config &config) {
    config.integer("count", elementsOf(op.getParameter()))
        .real("beta1", op.getBeta1().convertToDouble())
        .real("beta2", op.getBeta2().convertToDouble())
        .real("epsilon", op.getEpsilon().convertToDouble())
        .real("weightDecay", op.getWeightDecay().convertToDouble());
  });
  addCall<SquareSumOp>(patterns, "SquareSum", [](SquareSumOp op, Config &config) {
    config.integer("count", elementsOf(op.getInput()));
  });
  addCall<AddScalarsOp>(patterns, "AddScalars", [](AddScalarsOp, Config &) {});
  addCall<ClipFactorOp>(patterns, "ClipFactor", [](ClipFactorOp op, Config &config) {
    config.real("maximum", op.getMaximum().convertToDouble());
  });
  addCall<UnscaleFactorOp>(patterns, "UnscaleFactor", [](UnscaleFactorOp op, Config &config) {
    if (op.getMaximum())
      config.real("maximum", op.getMaximum()->convertToDouble());
  });
  addCall<NextLossScaleOp>(patterns, "NextLossScale", [](NextLossScaleOp op, Config &config) {
    config.integer("interval", op.getInterval());
  });
  addCall<StepsTakenOp>(patterns, "StepsTaken", [](StepsTakenOp, Config &) {});
}

} // namespace autopar::lowering
