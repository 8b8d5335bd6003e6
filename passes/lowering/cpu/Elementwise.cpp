// Element by element, to own kernels that know no shape.
#include "dialects/graph/Graph.h"
#include "passes/lowering/cpu/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::cpu_lowering {

template <typename Op>
static void addElementwise(RewritePatternSet &patterns, StringRef callee) {
  addCall<Op>(patterns, callee, [](Op op, Config &config) {
    config.integer("count", elementsOf(op->getResult(0)));
  });
}

void addElementwisePatterns(RewritePatternSet &patterns) {
  addElementwise<ReluOp>(patterns, "Relu");
  addElementwise<ReluGradOp>(patterns, "ReluGrad");
  addElementwise<AddOp>(patterns, "Add");
}

} // namespace autopar::cpu_lowering
