// The parts of batch normalization.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

void addBatchNormPatterns(CallPatterns &patterns) {
  addCall<BatchNormStatsOp>(
      patterns, "BatchNormStats",
      [](BatchNormStatsOp op, Config &config) { rowsAndChannels(op.getInput(), config); });
  addCall<BatchNormApplyOp>(patterns, "BatchNormApply",
                            [](BatchNormApplyOp op, Config &config) {
                              rowsAndChannels(op.getInput(), config)
                                  .integer("count", op.getCount())
                                  .real("epsilon", op.getEpsilon().convertToDouble())
                                  .flag("relu", op.getRelu());
                            });
  addCall<BatchNormGradSumsOp>(patterns, "BatchNormGradSums",
                               [](BatchNormGradSumsOp op, Config &config) {
                                 rowsAndChannels(op.getInput(), config)
                                     .integer("count", op.getCount())
                                     .real("epsilon", op.getEpsilon().convertToDouble());
                               });
  addCall<BatchNormGradInputOp>(patterns, "BatchNormGradInput",
                                [](BatchNormGradInputOp op, Config &config) {
                                  rowsAndChannels(op.getInput(), config)
                                      .integer("count", op.getCount())
                                      .real("epsilon", op.getEpsilon().convertToDouble());
                                });
  addCall<BatchNormGradParametersOp>(patterns, "BatchNormGradParameters",
                                     [](BatchNormGradParametersOp op, Config &config) {
                                       config.integer("channels", shapeOf(op.getSums()).back());
                                     });
  addCall<BatchNormRunningOp>(patterns, "BatchNormRunning",
                              [](BatchNormRunningOp op, Config &config) {
                                config.integer("channels", shapeOf(op.getMean()).back())
                                    .integer("count", op.getCount())
                                    .real("momentum", op.getMomentum().convertToDouble());
                              });
  addCall<BatchNormInferenceOp>(patterns, "BatchNormInference",
                                [](BatchNormInferenceOp op, Config &config) {
                                  rowsAndChannels(op.getInput(), config)
                                      .real("epsilon", op.getEpsilon().convertToDouble())
                                      .flag("relu", op.getRelu());
                                });
}

} // namespace autopar::lowering
