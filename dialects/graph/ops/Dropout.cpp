// Dropout: elementwise, given where the elements stand in the whole.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

LogicalResult StepStateOp::inferReturnTypes(MLIRContext *context, std::optional<Location>,
                                            ValueRange, DictionaryAttr, OpaqueProperties,
                                            RegionRange, SmallVectorImpl<Type> &types) {
  types.push_back(RankedTensorType::get({2}, IntegerType::get(context, 64)));
  return success();
}

void DropoutOp::toTraining(OpBuilder &builder) {
  Value state = StepStateOp::create(builder, getLoc());
  auto dropout = RandomDropoutOp::create(builder, getLoc(), getType(), getInput(), state,
                                         getRate(), /*site=*/0, /*part=*/nullptr);
  dropout->setDiscardableAttrs(getOperation()->getDiscardableAttrDictionary());
  getOutput().replaceAllUsesWith(dropout.getOutput());
  erase();
}
void DropoutOp::toEvaluation(OpBuilder &) {
  getOutput().replaceAllUsesWith(getInput());
  erase();
}

void RandomDropoutOp::setSiteNumber(int64_t site) { setSite(site); }

// Ten rounds of Philox give four elements their numbers.
double RandomDropoutOp::getFlops() { return 20.0 * getOutput().getType().getNumElements(); }

ShardingRule RandomDropoutOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> dims = addFactors(rule, shapeOf(getInput()), FactorKind::Parallel);
  rule.operand(dims);
  rule.operand({ShardingRule::whole});
  rule.result(dims);
  return rule;
}
void RandomDropoutOp::localize(Operation *whole) { setPartAttr(partOfOperand(whole, 0)); }

void RandomDropoutOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(),
                RandomDropoutOp::create(gradients.builder, gradients.nameFor(getInput()),
                                        getInput().getType(), gradients.of(getOutput()),
                                        getState(), getRate(), getSite(), /*part=*/nullptr));
}

} // namespace autopar::graph
