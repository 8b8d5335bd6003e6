// Folds elementwise operations into the batch norms they follow, forward and backward.
#include "passes/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "passes/Passes.h.inc"

namespace {

using namespace graph;

/// A copy of `norm` in place of `last`, under its name and with what the user says of it.
template <typename Norm>
static Norm copyInPlaceOf(Operation *last, Norm norm, PatternRewriter &rewriter) {
  auto fused = cast<Norm>(rewriter.clone(*norm));
  fused->setLoc(last->getLoc());
  for (NamedAttribute attr : last->getDiscardableAttrs())
    fused->setDiscardableAttr(attr.getName(), attr.getValue());
  return fused;
}

/// relu(norm(x)) -> norm {relu} (x)
template <typename Norm> struct FoldRelu : OpRewritePattern<ReluOp> {
  using OpRewritePattern<ReluOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ReluOp relu, PatternRewriter &rewriter) const override {
    auto norm = relu.getInput().getDefiningOp<Norm>();
    if (!norm || norm.getRelu() || !norm->hasOneUse())
      return failure();
    Norm fused = copyInPlaceOf(relu, norm, rewriter);
    fused.setRelu(true);
    rewriter.replaceOp(relu, fused);
    rewriter.eraseOp(norm);
    return success();
  }
};

/// norm(x) + y -> norm(x, residual y)
template <typename Norm> struct FoldResidual : OpRewritePattern<AddOp> {
  using OpRewritePattern<AddOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(AddOp add, PatternRewriter &rewriter) const override {
    for (auto [value, residual] :
         {std::pair(add.getLhs(), add.getRhs()), std::pair(add.getRhs(), add.getLhs())}) {
      Norm norm = value.template getDefiningOp<Norm>();
      if (!norm || norm.getRelu() || norm.getResidual() || !norm->hasOneUse())
        continue;
      Norm fused = copyInPlaceOf(add, norm, rewriter);
      fused.getResidualMutable().assign(residual);
      rewriter.replaceOp(add, fused);
      rewriter.eraseOp(norm);
      return success();
    }
    return failure();
  }
};

/// The gradient of a relu that only a batch norm's gradient reads: it masks for itself.
struct FoldMask : OpRewritePattern<ReluGradOp> {
  using OpRewritePattern<ReluGradOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ReluGradOp relu, PatternRewriter &rewriter) const override {
    if (!llvm::all_of(relu->getUses(), isMaskableUse))
      return failure();
    for (OpOperand &use : llvm::make_early_inc_range(relu->getUses())) {
      rewriter.modifyOpInPlace(use.getOwner(), [&] {
        if (auto sums = dyn_cast<BatchNormGradSumsOp>(use.getOwner())) {
          sums.getMaskMutable().assign(relu.getOutput());
          sums.getOutputGradMutable().assign(relu.getOutputGrad());
        } else {
          auto grad = cast<BatchNormGradInputOp>(use.getOwner());
          grad.getMaskMutable().assign(relu.getOutput());
          grad.getOutputGradMutable().assign(relu.getOutputGrad());
        }
      });
    }
    rewriter.eraseOp(relu);
    return success();
  }

  static bool isMaskableUse(OpOperand &use) {
    if (auto sums = dyn_cast<BatchNormGradSumsOp>(use.getOwner()))
      return !sums.getMask() && &use == &sums.getOutputGradMutable();
    if (auto grad = dyn_cast<BatchNormGradInputOp>(use.getOwner()))
      return !grad.getMask() && &use == &grad.getOutputGradMutable();
    return false;
  }
};

class FuseElementwise : public impl::FuseElementwiseBase<FuseElementwise> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldRelu<BatchNormApplyOp>, FoldRelu<BatchNormInferenceOp>,
                 FoldResidual<BatchNormApplyOp>, FoldResidual<BatchNormInferenceOp>, FoldMask>(
        &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace autopar
