// The loss of a language model: sums over the vocabulary, the loss of the sums, the gradient.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

static int64_t blocksOf(Value sums) { return shapeOf(sums).drop_back().back(); }

template <typename Op> static Config &logitsOf(Op op, Config &config) {
  Value logits = op.getLogits();
  return config.integer("rows", rowsOf(logits))
      .integer("classes", shapeOf(logits).back())
      .integer("blocks", blocksOf(op.getSums()))
      .part("logits", op.getPart().value_or(dist::PartAttr::whole(logits.getType())))
      .integer("valid", op.getValid());
}

void addLanguageLossPatterns(CallPatterns &patterns) {
  addCall<VocabularySumsOp>(patterns, "VocabularySums",
                            [](VocabularySumsOp op, Config &config) { logitsOf(op, config); });
  addCall<CrossEntropyOfSumsOp>(
      patterns, "CrossEntropyOfSums", [](CrossEntropyOfSumsOp op, Config &config) {
        config.integer("rows", elementsOf(op.getLabels()))
            .integer("blocks", blocksOf(op.getSums()))
            .integer("count", op.getCount());
      });
  addCall<CrossEntropyOfSumsGradOp>(patterns, "CrossEntropyOfSumsGrad",
                                    [](CrossEntropyOfSumsGradOp op, Config &config) {
                                      logitsOf(op, config).integer("count", op.getCount());
                                    });
}

} // namespace autopar::lowering
