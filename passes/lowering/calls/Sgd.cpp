// The optimizer's update.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

void addSgdPatterns(CallPatterns &patterns) {
  addCall<SgdOp>(patterns, "Sgd", [](SgdOp op, Config &config) {
    config.integer("count", elementsOf(op.getParameter()))
        .real("momentum", op.getMomentum().convertToDouble())
        .real("dampening", op.getDampening().convertToDouble())
        .real("weightDecay", op.getWeightDecay().convertToDouble())
        .flag("nesterov", op.getNesterov());
  });
}

} // namespace autopar::lowering
