// The AdamW update: elementwise over the parameter, whatever its split.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

LogicalResult AdamWAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                Number learningRate, Number beta1, Number beta2, Number epsilon,
                                Number weightDecay, Number clip) {
  return verifyNumbers(emitError, {{"learning_rate", learningRate, Bounds::AtLeastZero},
                                   {"beta1", beta1, Bounds::BelowOne},
                                   {"beta2", beta2, Bounds::BelowOne},
                                   {"epsilon", epsilon, Bounds::AtLeastZero},
                                   {"weight_decay", weightDecay, Bounds::AtLeastZero},
                                   {"clip", clip, Bounds::AtLeastZero}});
}

double AdamWAttr::startingLearningRate() const { return getLearningRate(); }
double AdamWAttr::largestNorm() const { return getClip(); }
StringRef AdamWAttr::stepsName() const { return "adamw.steps"; }

/// Of the shape that checkpoints hold it in.
static bool isDecayed(VariableOp parameter) {
  size_t dims = parameter.getStored() ? parameter.getStored()->size()
                                      : shapeOf(parameter.getResult()).size();
  return dims >= 2;
}

void AdamWAttr::emitUpdate(OpBuilder &builder, Operation *variable, Value gradient,
                           const UpdateOperands &shared) const {
  auto parameter = cast<VariableOp>(variable);
  std::string name = parameter.getName().str();
  auto slot = [&](StringRef suffix) {
    return VariableOp::create(builder, named(parameter.getLoc(), name + suffix),
                              parameter.getType(), VariableKind::Slot, name + suffix.str(),
                              ConstantInitAttr::get(builder.getContext(), 0.0),
                              parameter.getStoredAttr());
  };
  VariableOp first = slot(".exp_avg"), second = slot(".exp_avg_sq");
  Location loc = named(parameter.getLoc(), name + ".new");
  Type type = parameter.getType();
  auto update = AdamWOp::create(
      builder, loc, TypeRange{type, type, type}, parameter, gradient, shared.learningRate,
      shared.state, first, second, shared.factor, llvm::APFloat(getBeta1().value),
      llvm::APFloat(getBeta2().value), llvm::APFloat(getEpsilon().value),
      llvm::APFloat(isDecayed(parameter) ? getWeightDecay().value : 0.0));
  VariableOp variables[] = {parameter, first, second};
  for (auto [variable, value] : llvm::zip_equal(variables, update.getResults())) {
    StringRef name = variable.getName();
    AssignOp::create(builder, named(parameter.getLoc(), name + ".new"), name, value);
  }
}

// Two moments, two corrections, a root and a division.
double AdamWOp::getFlops() { return 16.0 * getParameter().getType().getNumElements(); }

ShardingRule AdamWOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> dims = addFactors(rule, shapeOf(getParameter()), FactorKind::Parallel);
  for (OpOperand &operand : getOperation()->getOpOperands()) {
    bool ofTheStep = operand.get() == getLearningRate() || operand.get() == getState() ||
                     operand.get() == getFactor();
    rule.operand(ofTheStep ? wholeDims(operand.get()) : dims);
  }
  for (unsigned i = 0; i < getNumResults(); ++i)
    rule.result(dims);
  return rule;
}

} // namespace autopar::graph
