// Dropout: which of the whole's elements a rank holds goes with it.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

void addDropoutPatterns(CallPatterns &patterns) {
  addCall<RandomDropoutOp>(patterns, "Dropout", [](RandomDropoutOp op, Config &config) {
    Type type = op.getInput().getType();
    config.integers("shape", shapeOf(op.getInput()))
        .real("rate", op.getRate().convertToDouble())
        .integer("site", op.getSite())
        .part("part", op.getPart().value_or(dist::PartAttr::whole(type)));
  });
}

} // namespace autopar::lowering
