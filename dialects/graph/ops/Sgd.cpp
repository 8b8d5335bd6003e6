// The SGD update: elementwise over the parameter, whatever its split.
#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::graph {

LogicalResult SgdAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                              Number learningRate, Number momentum, Number dampening,
                              Number weightDecay, bool nesterov) {
  if (!(learningRate.value >= 0) || !(momentum.value >= 0) || !(weightDecay.value >= 0))
    return emitError() << "learning_rate " << learningRate.str() << ", momentum " << momentum.str()
                       << " and weight_decay " << weightDecay.str() << " must not be negative";
  if (nesterov && (momentum.value <= 0 || dampening.value != 0))
    return emitError() << "nesterov needs a momentum above 0 and no dampening, not "
                       << momentum.str() << " and " << dampening.str();
  return success();
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
  return success();
}

double SgdOp::getFlops() { return 6.0 * getParameter().getType().getNumElements(); }

ShardingRule SgdOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> dims;
  for (auto [i, size] : llvm::enumerate(shapeOf(getParameter())))
    dims.push_back(rule.add("d" + std::to_string(i), size, FactorKind::Parallel));
  for (Value operand : getOperands())
    operand == getLearningRate() ? rule.operand({}) : rule.operand(dims);
  for (unsigned i = 0; i < getNumResults(); ++i)
    rule.result(dims);
  return rule;
}

} // namespace autopar::graph
