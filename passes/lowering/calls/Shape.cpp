// Changes of arrangement that move memory; a reshape is a view (Views.cpp).
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

/// Elements before and behind dimension `dim`.
static int64_t outer(ArrayRef<int64_t> shape, int64_t dim) {
  return ShapedType::getNumElements(shape.take_front(dim));
}
static int64_t inner(ArrayRef<int64_t> shape, int64_t dim) {
  return ShapedType::getNumElements(shape.drop_front(dim + 1));
}

/// `part` stands in `whole` from index `begin` of dimension `dim` on.
static void rangeOfDim(Value whole, Value part, int64_t dim, int64_t begin, Config &config) {
  config.integer("outer", outer(shapeOf(whole), dim))
      .integer("whole", shapeOf(whole)[dim])
      .integer("begin", begin)
      .integer("length", shapeOf(part)[dim])
      .integer("inner", inner(shapeOf(whole), dim));
}

void addShapePatterns(CallPatterns &patterns) {
  addCall<TransposeOp>(patterns, "Transpose", [](TransposeOp op, Config &config) {
    config.integers("shape", shapeOf(op.getInput()))
        .integers("permutation", op.getPermutation());
  });
  addCall<graph::SliceOp>(patterns, "SliceDim", [](graph::SliceOp op, Config &config) {
    rangeOfDim(op.getInput(), op.getOutput(), op.getDim(), op.getBegin(), config);
  });
  addCall<PadOp>(patterns, "PadDim", [](PadOp op, Config &config) {
    rangeOfDim(op.getOutput(), op.getInput(), op.getDim(), op.getBegin(), config);
    config.real("value", op.getValue().convertToDouble());
  });
  addCall<ConcatOp>(patterns, "Concat", [](ConcatOp op, Config &config) {
    int64_t dim = op.getDim();
    config.integer("outer", outer(shapeOf(op.getOutput()), dim))
        .integer("inner", inner(shapeOf(op.getOutput()), dim))
        .integers("lengths", llvm::map_to_vector(op.getInputs(), [&](Value input) {
                    return shapeOf(input)[dim];
                  }));
  });
}

} // namespace autopar::lowering
