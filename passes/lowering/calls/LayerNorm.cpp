// Layer normalization, forward and backward.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

void addLayerNormPatterns(CallPatterns &patterns) {
  addCall<LayerNormOp>(patterns, "LayerNorm", [](LayerNormOp op, Config &config) {
    rowsAndChannels(op.getInput(), config).real("epsilon", op.getEpsilon().convertToDouble());
  });
  addCall<LayerNormGradInputOp>(
      patterns, "LayerNormGradInput",
      [](LayerNormGradInputOp op, Config &config) { rowsAndChannels(op.getInput(), config); });
  addCall<LayerNormGradParametersOp>(patterns, "LayerNormGradParameters",
                                     [](LayerNormGradParametersOp op, Config &config) {
                                       rowsAndChannels(op.getInput(), config);
                                     });
}

} // namespace autopar::lowering
