// The SGD update: elementwise over the parameter, whatever its split.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

LogicalResult SgdAttr::verify(function_ref<InFlightDiagnostic()> emitError, Number learningRate,
                              Number momentum, Number dampening, Number weightDecay,
                              bool nesterov) {
  if (failed(verifyNumbers(emitError, {{"learning_rate", learningRate, Bounds::AtLeastZero},
                                       {"momentum", momentum, Bounds::AtLeastZero},
                                       {"dampening", dampening, Bounds::Share},
                                       {"weight_decay", weightDecay, Bounds::AtLeastZero}})))
    return failure();
  if (nesterov && (momentum.value <= 0 || dampening.value != 0))
    return emitError() << "nesterov needs a momentum above 0 and no dampening, not "
                       << momentum.str() << " and " << dampening.str();
  return success();
}

double SgdAttr::startingLearningRate() const { return getLearningRate(); }

/// Only the first update is told from the others, and only by dampening.
StringRef SgdAttr::stepsName() const {
  return getMomentum().value != 0 && getDampening().value != 0 ? "sgd.steps" : "";
}

void SgdAttr::emitUpdate(OpBuilder &builder, Operation *variable, Value gradient,
                         const UpdateOperands &shared) const {
  auto parameter = cast<VariableOp>(variable);
  std::string name = parameter.getName().str();
  Location loc = named(parameter.getLoc(), name + ".new");
  Type type = parameter.getType();
  if (getMomentum() == Number(0)) {
    auto update = SgdOp::create(builder, loc, TypeRange{type}, parameter, gradient,
                                shared.learningRate, /*velocity=*/Value(), /*state=*/Value(),
                                shared.factor, llvm::APFloat(0.0), llvm::APFloat(0.0),
                                llvm::APFloat(getWeightDecay().value), /*nesterov=*/false);
    AssignOp::create(builder, loc, name, update.getNewParameter());
    return;
  }
  auto velocity = VariableOp::create(builder, named(parameter.getLoc(), name + ".momentum"),
                                     type, VariableKind::Slot, name + ".momentum",
                                     ConstantInitAttr::get(builder.getContext(), 0.0),
                                     parameter.getStoredAttr());
  auto update = SgdOp::create(
      builder, loc, TypeRange{type, type}, parameter, gradient, shared.learningRate, velocity,
      shared.state, shared.factor, llvm::APFloat(getMomentum().value),
      llvm::APFloat(getDampening().value), llvm::APFloat(getWeightDecay().value),
      getNesterov());
  AssignOp::create(builder, loc, name, update.getNewParameter());
  AssignOp::create(builder, named(velocity.getLoc(), name + ".momentum.new"),
                   velocity.getName(), update.getNewVelocity());
}

LogicalResult SgdOp::verify() {
  if (bool(getVelocity()) != bool(getNewVelocity()))
    return emitOpError("must have both a velocity and a new velocity, or neither");
  if (getVelocity() && getVelocity().getType() != getParameter().getType())
    return emitOpError("has a velocity of ")
           << getVelocity().getType() << " for a parameter of " << getParameter().getType();
  if (!getVelocity() && getMomentum().convertToDouble() != 0)
    return emitOpError("has momentum ")
           << getMomentum().convertToDouble() << " but no velocity to keep it in";
  bool tellsFirst = getVelocity() && getDampening().convertToDouble() != 0;
  if (tellsFirst != bool(getState()))
    return emitOpError("has dampening ")
           << getDampening().convertToDouble() << (getState() ? " and" : " but no")
           << " state; the first step, which is not dampened, is told by it, and only where "
              "there is dampening of a velocity";
  return success();
}

double SgdOp::getFlops() { return 6.0 * getParameter().getType().getNumElements(); }

ShardingRule SgdOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> dims;
  for (auto [i, size] : llvm::enumerate(shapeOf(getParameter())))
    dims.push_back(rule.add("d" + std::to_string(i), size, FactorKind::Parallel));
  for (Value operand : getOperands()) {
    bool ofTheStep =
        operand == getLearningRate() || operand == getState() || operand == getFactor();
    rule.operand(ofTheStep ? wholeDims(operand) : dims);
  }
  for (unsigned i = 0; i < getNumResults(); ++i)
    rule.result(dims);
  return rule;
}

} // namespace autopar::graph
