// See Rules.h.
#include "dialects/graph/Rules.h"

#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::graph {

SmallVector<int> addFactors(ShardingRule &rule, ArrayRef<int64_t> shape, FactorKind kind) {
  SmallVector<int> factors;
  for (auto [i, size] : llvm::enumerate(shape))
    factors.push_back(rule.add("d" + std::to_string(i), size, kind));
  return factors;
}

SmallVector<int> wholeDims(Value value) {
  return SmallVector<int>(shapeOf(value).size(), ShardingRule::whole);
}

ShardingRule elementwiseRule(Operation *op, bool isLinear) {
  ShardingRule rule;
  SmallVector<int> dims = addFactors(rule, shapeOf(op->getResult(0)), FactorKind::Parallel);
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    rule.operand(dims);
  for (unsigned i = 0; i < op->getNumResults(); ++i)
    rule.result(dims);
  if (isLinear)
    rule.add("partial", 0, FactorKind::PartialSum);
  return rule;
}

double perElement(Value value, double flops) {
  return flops * cast<ShapedType>(value.getType()).getNumElements();
}

static dist::PartAttr part(Value value, std::optional<Spec> spec) {
  return spec ? dist::PartAttr::get(value.getContext(), shapeOf(value), *spec)
              : dist::PartAttr::whole(value.getType());
}
dist::PartAttr partOfOperand(Operation *whole, unsigned operand) {
  std::optional<dist::Plan> plan = dist::getPlan(whole);
  return part(whole->getOperand(operand),
              plan ? std::optional(plan->operands[operand]) : std::nullopt);
}
dist::PartAttr partOfResult(Operation *whole, unsigned result) {
  std::optional<dist::Plan> plan = dist::getPlan(whole);
  return part(whole->getResult(result),
              plan ? std::optional(plan->results[result]) : std::nullopt);
}

} // namespace autopar::graph
