// Rows of a table, and their gradient.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

static void rowsOfTable(Value rows, Value table, std::optional<dist::PartAttr> part,
                        Config &config) {
  config.integer("rows", rowsOf(rows))
      .integer("channels", shapeOf(table)[1])
      .part("table", part.value_or(dist::PartAttr::whole(table.getType())))
      .integer("length", shapeOf(table)[0]);
}

void addEmbeddingPatterns(CallPatterns &patterns) {
  addCall<EmbeddingOp>(patterns, "Embedding", [](EmbeddingOp op, Config &config) {
    rowsOfTable(op.getOutput(), op.getTable(), op.getPart(), config);
  });
  addCall<EmbeddingGradOp>(patterns, "EmbeddingGrad", [](EmbeddingGradOp op, Config &config) {
    rowsOfTable(op.getOutputGrad(), op.getTableGrad(), op.getPart(), config);
    if (op.getPadding())
      config.integer("padding", *op.getPadding());
  });
}

} // namespace autopar::lowering
