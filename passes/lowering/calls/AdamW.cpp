// The AdamW update, and the norm of all gradients that clips them.
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
}

} // namespace autopar::lowering
