// Sums, maxima and repetition: neighbouring dimensions of one kind are one to the calls, and
// those of size 1 are none.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

/// `whole`, and which of its dimensions `reduced` has at size 1 only.
static void shapeAndDims(Value whole, Value reduced, Config &config) {
  SmallVector<int64_t> shape, dims;
  bool wasReduced = false;
  for (auto [size, left] : llvm::zip_equal(shapeOf(whole), shapeOf(reduced))) {
    if (size == 1)
      continue;
    const bool isReduced = left != size;
    if (!shape.empty() && isReduced == wasReduced) {
      shape.back() *= size;
      continue;
    }
    if (isReduced)
      dims.push_back(shape.size());
    shape.push_back(size);
    wasReduced = isReduced;
  }
  config.integers("shape", shape).integers("dims", dims);
}

namespace {

/// What a rank has one element of, it need not sum or repeat.
template <typename Op> struct Skip : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (op.getInput().getType() != op.getType())
      return failure();
    rewriter.replaceOp(op, adaptor.getInput());
    return success();
  }
};

} // namespace

void addReductionPatterns(CallPatterns &patterns) {
  patterns.set.add<Skip<SumOp>, Skip<MaxOp>, Skip<ExpandOp>>(patterns.set.getContext(),
                                                             /*benefit=*/2);
  addCall<SumOp>(patterns, "Sum", [](SumOp op, Config &config) {
    shapeAndDims(op.getInput(), op.getOutput(), config);
  });
  addCall<MaxOp>(patterns, "Max", [](MaxOp op, Config &config) {
    shapeAndDims(op.getInput(), op.getOutput(), config);
  });
  addCall<ExpandOp>(patterns, "Expand", [](ExpandOp op, Config &config) {
    shapeAndDims(op.getOutput(), op.getInput(), config);
  });
}

} // namespace autopar::lowering
