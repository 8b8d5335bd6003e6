// Sums, maxima and repetition: a dimension that is summed over may be split, one that the
// largest element is sought along stays whole.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

/// `input` with those dimensions at size 1.
static LogicalResult reducedType(std::optional<Location> loc, Value input,
                                 ArrayRef<int64_t> dims, SmallVectorImpl<Type> &types) {
  SmallVector<int64_t> shape(shapeOf(input));
  for (auto [i, dim] : llvm::enumerate(dims)) {
    if (dim >= static_cast<int64_t>(shape.size()) || (i > 0 && dims[i - 1] >= dim))
      return emitOptionalError(loc, "is over dimensions [", dims, "] of ", input.getType(),
                               "; each is named once, in ascending order");
    shape[dim] = 1;
  }
  types.push_back(typeOf(input).clone(shape));
  return success();
}
LogicalResult SumOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                      ValueRange operands, DictionaryAttr attributes,
                                      OpaqueProperties properties, RegionRange regions,
                                      SmallVectorImpl<Type> &types) {
  SumOpAdaptor op(operands, attributes, *properties.as<Properties *>(), regions);
  return reducedType(loc, op.getInput(), op.getDims(), types);
}
LogicalResult MaxOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                      ValueRange operands, DictionaryAttr attributes,
                                      OpaqueProperties properties, RegionRange regions,
                                      SmallVectorImpl<Type> &types) {
  MaxOpAdaptor op(operands, attributes, *properties.as<Properties *>(), regions);
  return reducedType(loc, op.getInput(), op.getDims(), types);
}

LogicalResult ExpandOp::verify() {
  ArrayRef<int64_t> from = shapeOf(getInput()), to = shapeOf(getOutput());
  bool fits = from.size() == to.size() &&
              llvm::all_of(llvm::zip_equal(from, to),
                           [](auto sizes) {
                             auto [before, after] = sizes;
                             return before == after || before == 1;
                           }) &&
              typeOf(getInput()).getElementType() == getType().getElementType();
  if (!fits)
    return emitOpError("makes ") << getType() << " of " << getInput().getType()
                                 << "; it repeats along dimensions of size 1";
  return success();
}

double SumOp::getFlops() { return perElement(getInput(), 1); }
double MaxOp::getFlops() { return perElement(getInput(), 1); }

ShardingRule SumOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> before, after;
  for (auto [dim, size] : llvm::enumerate(shapeOf(getInput()))) {
    bool isSummed = llvm::is_contained(getDims(), static_cast<int64_t>(dim));
    before.push_back(rule.add("d" + std::to_string(dim), size,
                              isSummed ? FactorKind::Reduction : FactorKind::Parallel));
    after.push_back(isSummed ? ShardingRule::whole : before.back());
  }
  rule.operand(before);
  rule.result(after);
  rule.add("partial", 0, FactorKind::PartialSum);
  return rule;
}
ShardingRule MaxOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> dims;
  for (auto [dim, size] : llvm::enumerate(shapeOf(getInput())))
    dims.push_back(llvm::is_contained(getDims(), static_cast<int64_t>(dim))
                       ? ShardingRule::whole
                       : rule.add("d" + std::to_string(dim), size, FactorKind::Parallel));
  rule.operand(dims);
  rule.result(dims);
  return rule;
}
ShardingRule ExpandOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> after = addFactors(rule, shapeOf(getOutput()), FactorKind::Parallel);
  SmallVector<int> before = after;
  for (auto [dim, size] : llvm::enumerate(shapeOf(getInput())))
    if (size == 1)
      before[dim] = ShardingRule::whole;
  rule.operand(before);
  rule.result(after);
  rule.add("partial", 0, FactorKind::PartialSum);
  return rule;
}

void SumOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(), ExpandOp::create(gradients.builder, gradients.nameFor(getInput()),
                                             getInput().getType(), gradients.of(getOutput())));
}
void ExpandOp::buildGradient(Gradients &gradients) {
  SmallVector<int64_t> repeated;
  for (auto [dim, before, after] : llvm::enumerate(shapeOf(getInput()), shapeOf(getOutput())))
    if (before != after)
      repeated.push_back(static_cast<int64_t>(dim));
  gradients.add(getInput(), SumOp::create(gradients.builder, gradients.nameFor(getInput()),
                                          gradients.of(getOutput()), repeated));
}
/// Each of the largest elements gets an equal share.
void MaxOp::buildGradient(Gradients &gradients) {
  OpBuilder &builder = gradients.builder;
  Location loc = gradients.nameFor(getInput());
  Type type = getInput().getType();
  Value isLargest = EqualOp::create(
      builder, loc, getInput(), ExpandOp::create(builder, loc, type, getOutput()));
  Value share = DivOp::create(builder, loc, gradients.of(getOutput()),
                              SumOp::create(builder, loc, isLargest, getDims()));
  gradients.add(getInput(), MulOp::create(builder, loc, isLargest,
                                          ExpandOp::create(builder, loc, type, share)));
}

} // namespace autopar::graph
