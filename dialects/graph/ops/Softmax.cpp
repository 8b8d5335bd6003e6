// Softmax: rows are independent; a row stays whole, and so do the queries that a causal mask
// counts.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

LogicalResult SoftmaxOp::verify() {
  ArrayRef<int64_t> shape = shapeOf(getInput());
  if (shape.size() < (getCausal() ? 2 : 1))
    return emitOpError("is over [")
           << shape << "]; it needs "
           << (getCausal() ? "queries and keys as its last dimensions" : "a last dimension");
  return success();
}

double SoftmaxOp::getFlops() { return 8.0 * getOutput().getType().getNumElements(); }
double SoftmaxGradOp::getFlops() { return 4.0 * getInputGrad().getType().getNumElements(); }

/// The last `whole` dimensions stay together.
static ShardingRule softmaxRule(Operation *op, unsigned whole) {
  ShardingRule rule;
  ArrayRef<int64_t> shape = shapeOf(op->getResult(0));
  SmallVector<int> dims = addFactors(rule, shape.drop_back(whole), FactorKind::Parallel);
  dims.append(whole, ShardingRule::whole);
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    rule.operand(dims);
  rule.result(dims);
  return rule;
}
ShardingRule SoftmaxOp::getShardingRule() { return softmaxRule(*this, getCausal() ? 2 : 1); }
ShardingRule SoftmaxGradOp::getShardingRule() { return softmaxRule(*this, 1); }

void SoftmaxOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(),
                SoftmaxGradOp::create(gradients.builder, gradients.nameFor(getInput()),
                                      gradients.of(getOutput()), getOutput()));
}

} // namespace autopar::graph
