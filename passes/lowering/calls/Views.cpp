// Changes of shape: the same bytes, so no call at all.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

namespace {

template <typename Op> struct ReplaceWithView : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<rt::ViewOp>(op, op.getType(), adaptor.getOperands()[0]);
    return success();
  }
};

} // namespace

void addViewPatterns(CallPatterns &patterns) {
  patterns.set.add<ReplaceWithView<FlattenOp>, ReplaceWithView<UnflattenOp>,
                   ReplaceWithView<ReshapeOp>>(patterns.set.getContext());
}

} // namespace autopar::lowering
