// Makes the function that tests a model: the forward pass with running statistics.
#include "passes/Passes.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_DERIVEEVALUATION
#include "passes/Passes.h.inc"

namespace {

class DeriveEvaluation : public impl::DeriveEvaluationBase<DeriveEvaluation> {
  void runOnOperation() override {
    auto model = findProgram(getOperation(), modelFunctionName);
    if (!model) {
      getOperation().emitError("has no function @") << modelFunctionName << " to evaluate";
      return signalPassFailure();
    }
    func::FuncOp evaluate = model.clone();
    evaluate.setName(evaluateFunctionName);
    getOperation().push_back(evaluate);

    OpBuilder builder(evaluate.getContext());
    for (auto op : llvm::make_early_inc_range(evaluate.getOps<graph::ModelOpInterface>())) {
      builder.setInsertionPoint(op);
      op.toEvaluation(builder);
    }
    Operation *terminator = evaluate.front().getTerminator();
    builder.setInsertionPoint(terminator);
    for (Value value : llvm::to_vector(terminator->getOperands()))
      if (auto loss = value.getDefiningOp<graph::LossOpInterface>()) {
        returnToo(evaluate, loss.countCorrect(builder), "correct");
        returnToo(evaluate, loss.countKept(), "kept");
      }
  }

  void returnToo(func::FuncOp evaluate, Value count, StringRef name) {
    if (!count)
      return;
    Builder builder(evaluate.getContext());
    Operation *terminator = evaluate.front().getTerminator();
    terminator->insertOperands(terminator->getNumOperands(), count);
    (void)evaluate.insertResult(evaluate.getNumResults(), count.getType(),
                                builder.getDictionaryAttr(builder.getNamedAttr(
                                    graph::outputAttrName, builder.getStringAttr(name))));
  }
};

} // namespace
} // namespace autopar
