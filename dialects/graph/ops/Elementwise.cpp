// Elementwise operations: one parallel factor a dimension.
#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::graph {

static ShardingRule elementwise(Operation *op) {
  ShardingRule rule;
  SmallVector<int> dims;
  for (auto [i, size] : llvm::enumerate(shapeOf(op->getResult(0))))
    dims.push_back(rule.add("d" + std::to_string(i), size, FactorKind::Parallel));
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    rule.operand(dims);
  rule.result(dims);
  return rule;
}

ShardingRule ReluOp::getShardingRule() { return elementwise(*this); }
ShardingRule ReluGradOp::getShardingRule() { return elementwise(*this); }

ShardingRule AddOp::getShardingRule() {
  ShardingRule rule = elementwise(*this);
  rule.add("partial", 0, FactorKind::PartialSum);
  return rule;
}

// Each element is read before it is written.
bool ReluOp::worksInPlace(unsigned) { return true; }
bool ReluGradOp::worksInPlace(unsigned) { return true; }
bool AddOp::worksInPlace(unsigned) { return true; }

void ReluOp::buildGradient(Gradients &gradients) {
  Value dy = gradients.of(getOutput());
  gradients.add(getInput(), ReluGradOp::create(gradients.builder,
                                               gradients.nameFor(getInput()), dy, getOutput()));
}

void AddOp::buildGradient(Gradients &gradients) {
  Value dz = gradients.of(getSum());
  for (Value operand : getOperands())
    if (gradients.wants(operand))
      gradients.add(operand, dz);
}

} // namespace autopar::graph
