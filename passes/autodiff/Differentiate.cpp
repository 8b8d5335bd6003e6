// Reverse-mode differentiation of the model, and the optimizer's update of each parameter.
#include "passes/Passes.h"
#include "passes/autodiff/Accumulation.h"

#include <cmath>
#include <limits>

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
    if (isParameter || llvm::any_of(op.getOperands(),
                                    [&](Value operand) { return trained.contains(operand); }))
      trained.insert(op.result_begin(), op.result_end());
  }
  return trained;
}

class Differentiate : public impl::DifferentiateBase<Differentiate> {
public:
  using DifferentiateBase::DifferentiateBase;

private:
  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    auto function = findProgram(getOperation(), modelFunctionName);
    if (!function)
      return getOperation().emitError("has no function @")
             << modelFunctionName << " to differentiate";
    auto optimizer =
        getOperation()->getAttrOfType<graph::OptimizerAttrInterface>(graph::optimizerAttrName);
    if (!optimizer)
      return getOperation().emitError("has no optimizer; add ")
             << graph::optimizerAttrName
             << " = #graph.sgd<learning_rate = 0.1> to the module's attributes";

    OpBuilder builder(&getContext());
    for (auto op : llvm::make_early_inc_range(function.getOps<graph::ModelOpInterface>())) {
      builder.setInsertionPoint(op);
      op.toTraining(builder);
    }
    // Before gradients are taken, which draw again what their operations drew.
    for (auto [site, op] : llvm::enumerate(function.getOps<graph::RandomOpInterface>()))
      op.setSiteNumber(site);
    FailureOr<Operation *> loss = findLoss(function);
    if (failed(loss))
      return failure();
    if (microBatches < 1 || microBatches > limits::microBatches)
      return getOperation().emitError("cannot divide a step into ")
             << int64_t(microBatches) << " micro-batches; there are from 1 to "
             << limits::microBatches;
    constexpr float least = std::numeric_limits<float>::min();
    const auto scale = static_cast<float>(lossScale);
    if (lossScale != 0 && !(scale >= least && std::isfinite(scale)))
      return getOperation().emitError("cannot scale a loss by ")
             << double(lossScale) << "; it is a number in f32 from " << least
             << " on, or 0 for not at all";
    if (microBatches == 1) {
      Value learningRate = addLearningRate(function);
      if (failed(emitBackward(function, *loss, optimizer, learningRate)))
        return failure();
    } else if (failed(emitMicroBatch(function, *loss, optimizer))) {
      return failure();
    }
    takeState(function);
    function.setName(stepFunctionName);
    return success();
  }

  FailureOr<Operation *> findLoss(func::FuncOp function) {
    Operation *terminator = function.front().getTerminator();
    if (terminator->getNumOperands() == 1)
      if (auto loss = terminator->getOperand(0).getDefiningOp<graph::LossOpInterface>())
        return loss.getOperation();
    return function.emitError("@") << function.getName()
                                   << " must return one value, the result of a loss such as "
                                      "graph.softmax_cross_entropy, or graph.loss of a number";
  }

  Value addLearningRate(func::FuncOp function) {
    Type type = RankedTensorType::get({}, Float32Type::get(&getContext()));
    return addArgument(function, type, graph::learningRateInput);
  }

  /// An argument that the runtime fills.
  Value addArgument(func::FuncOp function, Type type, StringRef name) {
    OpBuilder builder(&getContext());
    unsigned index = function.getNumArguments();
    (void)function.insertArgument(index, type,
                                  builder.getDictionaryAttr(builder.getNamedAttr(
                                      graph::inputAttrName, builder.getStringAttr(name))),
                                  named(function.getLoc(), name));
    return function.getArgument(index);
  }

  /// Whatever reads the step's state reads one argument; there is none where nothing does.
  void takeState(func::FuncOp function) {
    SmallVector<graph::StepStateOp> states(function.getOps<graph::StepStateOp>());
    if (states.empty())
      return;
    Value argument = addArgument(function, states[0].getType(), graph::stateInput);
    for (graph::StepStateOp state : states) {
      state.getState().replaceAllUsesWith(argument);
      state.erase();
    }
  }

  autodiff::LossScale scaling() const { return {lossScale}; }

  /// The loss's own gradient is the loss scale.
  graph::Gradients startGradients(OpBuilder &builder, func::FuncOp function,
                                  Operation *loss) const {
    graph::Gradients gradients(builder, trainedValues(function));
    if (Value scale = scaling().read(builder))
      gradients.add(loss->getResult(0), scale);
    return gradients;
  }

  /// A step that adds its gradients up, and @update, which uses them.
  LogicalResult emitMicroBatch(func::FuncOp function, Operation *loss,
                               graph::OptimizerAttrInterface optimizer) {
    if (failed(cast<graph::LossOpInterface>(loss).spreadOver(microBatches)))
      return failure();
    OpBuilder builder(function.front().getTerminator());
    graph::Gradients gradients = startGradients(builder, function, loss);
    SmallVector<autodiff::Total> totals;
    if (failed(forEachParameter(function, loss, gradients, [&](graph::VariableOp parameter) {
          totals.push_back(autodiff::accumulate(builder, parameter, gradients.of(parameter)));
        })))
      return failure();
    func::FuncOp update = autodiff::makeUpdate(function);
    Value learningRate = addLearningRate(update);
    autodiff::fillUpdate(update, totals, optimizer, scaling(), learningRate);
    takeState(update);
    getOperation()->setAttr(graph::microBatchesAttrName,
                            OpBuilder(&getContext()).getI64IntegerAttr(microBatches));
    return success();
  }

  LogicalResult emitBackward(func::FuncOp function, Operation *loss,
                             graph::OptimizerAttrInterface optimizer, Value learningRate) {
    OpBuilder builder(function.front().getTerminator());
    graph::Gradients gradients = startGradients(builder, function, loss);
    const Value scale = gradients.of(loss->getResult(0));
    auto sharedBy = [&](ValueRange all) {
      return autodiff::emitUpdateOperands(builder, all, optimizer, learningRate, scale);
    };
    if (optimizer.largestNorm() == 0 && !scale) {
      const graph::UpdateOperands shared = sharedBy({});
      return forEachParameter(function, loss, gradients, [&](graph::VariableOp parameter) {
        optimizer.emitUpdate(builder, parameter, gradients.of(parameter), shared);
      });
    }
    SmallVector<graph::VariableOp> parameters;
    SmallVector<Value> all;
    if (failed(forEachParameter(function, loss, gradients, [&](graph::VariableOp parameter) {
          parameters.push_back(parameter);
          all.push_back(gradients.of(parameter));
        })))
      return failure();
    const graph::UpdateOperands shared = sharedBy(all);
    for (auto [parameter, gradient] : llvm::zip_equal(parameters, all))
      optimizer.emitUpdate(builder, parameter, gradient, shared);
    return success();
  }

  /// Emits the backward pass, and calls `visit` for each parameter as soon as its gradient is
  /// complete.
  LogicalResult forEachParameter(func::FuncOp function, Operation *loss,
                                 graph::Gradients &gradients,
                                 llvm::function_ref<void(graph::VariableOp)> visit) {
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
        visit(variable);
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
