// Attention as one call, and softmax for those who write it out.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

/// `output`: a value [B, T, H, D], of which the part is.
template <typename Op> static void attention(Op op, Value output, Config &config) {
  ArrayRef<int64_t> shape = shapeOf(output);
  config.integer("batch", shape[0])
      .integer("sequence", shape[1])
      .integer("heads", shape[2])
      .integer("headSize", shape[3])
      .flag("causal", op.getCausal())
      .real("scale", op.getScaleOrDefault())
      .real("dropout", op.getDropout().convertToDouble())
      .integer("site", op.getSite())
      .part("part", op.getPart().value_or(dist::PartAttr::whole(output.getType())));
}

void addAttentionPatterns(CallPatterns &patterns) {
  addCall<AttentionOp>(patterns, "Attention", [](AttentionOp op, Config &config) {
    attention(op, op.getOutput(), config);
  });
  addCall<AttentionGradOp>(patterns, "AttentionGrad", [](AttentionGradOp op, Config &config) {
    attention(op, op.getOutput(), config);
  });
  addCall<SoftmaxOp>(patterns, "Softmax", [](SoftmaxOp op, Config &config) {
    ArrayRef<int64_t> shape = shapeOf(op.getInput());
    config.integer("rows", rowsOf(op.getInput())).integer("columns", shape.back());
    if (op.getCausal())
      config.flag("causal", true).integer("queries", shape[shape.size() - 2]);
  });
  addCall<SoftmaxGradOp>(patterns, "SoftmaxGrad", [](SoftmaxGradOp op, Config &config) {
    config.integer("rows", rowsOf(op.getOutput()))
        .integer("columns", shapeOf(op.getOutput()).back());
  });
}

} // namespace autopar::lowering
