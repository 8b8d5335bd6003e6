// The optimizer's update, to an own kernel.
#include "dialects/graph/Graph.h"
#include "passes/lowering/cpu/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::cpu_lowering {

void addSgdPatterns(RewritePatternSet &patterns) {
  addCall<SgdOp>(patterns, "Sgd", [](SgdOp op, Config &config) {
    config.integer("count", elementsOf(op.getParameter()))
        .real("momentum", op.getMomentum().convertToDouble())
        .real("dampening", op.getDampening().convertToDouble())
        .real("weightDecay", op.getWeightDecay().convertToDouble())
        .flag("nesterov", op.getNesterov());
  });
}

} // namespace autopar::cpu_lowering
