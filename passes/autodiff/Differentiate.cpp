// Reverse-mode differentiation of the model, and the optimizer's update of each parameter.
#include "passes/Passes.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_DIFFERENTIATE
#include "passes/Passes.h.inc"

namespace {

/// The values that lead back to a parameter: only they need gradients.
llvm::DenseSet<Value> trainedValues(func::FuncOp function) {
  llvm::DenseSet<Value> trained;
  for (Operation &op : function.getOps()) {
    auto variable = dyn_cast<graph::VariableOp>(op);
    bool isParameter = variable && variable.getKind() == graph::VariableKind::Parameter;
    if (isParameter || llvm::any_of(op.getOperands(), [&](Value operand) {
          return trained.contains(operand);
        }))
      trained.insert(op.result_begin(), op.result_end());
  }
  return trained;
}

class Differentiate : public impl::DifferentiateBase<Differentiate> {
  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    auto function = getOperation().lookupSymbol<func::FuncOp>(modelFunctionName);
    if (!function)
      return getOperation().emitError("has no function @")
             << modelFunctionName << " to differentiate";
    auto optimizer = getOperation()->getAttrOfType<graph::OptimizerAttrInterface>(
        graph::optimizerAttrName);
    if (!optimizer)
      return getOperation().emitError("has no optimizer; add ")
             << graph::optimizerAttrName
             << " = #graph.sgd<learning_rate = 0.1> to the module's attributes";

    OpBuilder builder(&getContext());
    for (auto op : llvm::make_early_inc_range(function.getOps<graph::ModelOpInterface>())) {
      builder.setInsertionPoint(op);
      op.toTraining(builder);
    }
    FailureOr<Operation *> loss = findLoss(function);
    if (failed(loss))
      return failure();
    Value learningRate = addLearningRate(function);
    if (failed(emitBackward(function, *loss, optimizer, learningRate)))
      return failure();
    function.setName(stepFunctionName);
    return success();
  }

  FailureOr<Operation *> findLoss(func::FuncOp function) {
    Operation *terminator = function.front().getTerminator();
    if (terminator->getNumOperands() == 1)
      if (auto loss = terminator->getOperand(0).getDefiningOp<graph::LossOpInterface>())
        return loss.getOperation();
    return function.emitError("@")
           << function.getName()
           << " must return one value, the result of a loss such as "
              "graph.softmax_cross_entropy";
  }

  Value addLearningRate(func::FuncOp function) {
    OpBuilder builder(&getContext());
    Type type = RankedTensorType::get({}, builder.getF32Type());
    StringRef name = "learning_rate";
    unsigned index = function.getNumArguments();
    (void)function.insertArgument(
        index, type,
        builder.getDictionaryAttr(
            builder.getNamedAttr(graph::inputAttrName, builder.getStringAttr(name))),
        named(function.getLoc(), name));
    return function.getArgument(index);
  }

  LogicalResult emitBackward(func::FuncOp function, Operation *loss,
                             graph::OptimizerAttrInterface optimizer, Value learningRate) {
    OpBuilder builder(function.front().getTerminator());
    graph::Gradients gradients(builder, trainedValues(function));
    // The forward operations; what is emitted meanwhile stands behind them.
    SmallVector<Operation *> forward;
    for (Operation &op : function.front().without_terminator())
      forward.push_back(&op);
    for (Operation *op : llvm::reverse(forward)) {
      bool reached = op == loss || llvm::any_of(op->getResults(), [&](Value result) {
                       return gradients.of(result) != nullptr;
                     });
      if (!reached)
        continue;
      if (auto variable = dyn_cast<graph::VariableOp>(op))
        optimizer.emitUpdate(builder, variable, gradients.of(variable), learningRate);
      else if (auto differentiable = dyn_cast<graph::DifferentiableOpInterface>(op))
        differentiable.buildGradient(gradients);
      else
        return op->emitOpError("lies between a parameter and the loss but has no gradient");
    }
    return success();
  }
};

} // namespace
} // namespace autopar
