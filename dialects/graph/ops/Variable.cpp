// Variables and their assignment: they may be kept split along any dimensions.
#include "dialects/graph/Graph.h"

#include <cmath>

using namespace mlir;

namespace autopar::graph {

LogicalResult NormalInitAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                     Number deviation) {
  if (!(deviation.value >= 0) || !std::isfinite(deviation.value))
    return emitError() << "has a deviation of " << deviation.str()
                       << "; it must be finite and not negative";
  return success();
}
LogicalResult UniformInitAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                      Number bound) {
  if (!(bound.value >= 0) || !std::isfinite(bound.value))
    return emitError() << "has a bound of " << bound.str()
                       << "; it must be finite and not negative";
  return success();
}

LogicalResult VariableOp::verify() {
  if (!getStored())
    return success();
  ArrayRef<int64_t> shape = shapeOf(getResult()), stored = *getStored();
  // A rank's part is of what the whole is.
  if (auto whole = getOperation()->getAttrOfType<TypeAttr>(dist::globalTypeAttrName))
    shape = cast<ShapedType>(whole.getValue()).getShape();
  bool isPositive = llvm::all_of(stored, [](int64_t size) { return size > 0; });
  bool isReshaped = ShapedType::getNumElements(stored) == ShapedType::getNumElements(shape);
  bool isPadded = !shape.empty() && stored.size() == shape.size() && stored[0] < shape[0] &&
                  stored.drop_front() == shape.drop_front();
  if (!isPositive || !(isReshaped || isPadded))
    return emitOpError("of [")
           << shape << "] is stored as [" << stored
           << "]; a checkpoint holds as many elements in another shape, or fewer rows";
  return success();
}

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
