// Loss scaling: scalars that every rank has whole.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

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
