// Variables and their assignment: they may be kept split along any dimensions.
#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::graph {

static ShardingRule anyDimension(Value value, bool isResult) {
  ShardingRule rule;
  SmallVector<int> dims;
  for (auto [i, size] : llvm::enumerate(shapeOf(value)))
    dims.push_back(rule.add("d" + std::to_string(i), size, FactorKind::Parallel));
  isResult ? rule.result(dims) : rule.operand(dims);
  return rule;
}

ShardingRule VariableOp::getShardingRule() { return anyDimension(getResult(), true); }
ShardingRule AssignOp::getShardingRule() { return anyDimension(getValue(), false); }

} // namespace autopar::graph
