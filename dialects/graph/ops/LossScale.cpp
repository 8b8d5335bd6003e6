// Loss scaling: scalars that every rank has whole.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

#include <cmath>

using namespace mlir;

namespace autopar::graph {

LogicalResult UnscaleFactorOp::verify() {
  if (!getMaximum())
    return success();
  double maximum = getMaximum()->convertToDouble();
  if (!(maximum > 0) || !std::isfinite(maximum))
    return emitOpError("has maximum ") << maximum << "; it must be finite and above 0";
  return success();
}
LogicalResult NextLossScaleOp::verify() {
  if (getInterval() < 1)
    return emitOpError("has interval ") << getInterval() << "; it is a number of steps";
  return success();
}

bool NextLossScaleOp::worksInPlace(unsigned operand) {
  return getOperand(operand) != getFactor();
}

bool StepsTakenOp::worksInPlace(unsigned operand) {
  return getOperand(operand) == getSteps();
}

ShardingRule UnscaleFactorOp::getShardingRule() { return elementwiseRule(*this); }
ShardingRule NextLossScaleOp::getShardingRule() { return elementwiseRule(*this); }
ShardingRule StepsTakenOp::getShardingRule() {
  ShardingRule rule;
  for (Value operand : getOperands())
    rule.operand(wholeDims(operand));
  for (Value result : getResults())
    rule.result(wholeDims(result));
  return rule;
}

} // namespace autopar::graph
