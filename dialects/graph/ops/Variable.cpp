// Variables and their assignment: they may be kept split along any dimensions.
#include "dialects/graph/Graph.h"
#include "dialects/graph/NameFault.h"

using namespace mlir;

namespace autopar::graph {

LogicalResult ConstantInitAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                       Number value) {
  return verifyNumbers(emitError, {{"a constant", value, Bounds::Finite}});
}
LogicalResult NormalInitAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                     Number deviation) {
  return verifyNumbers(emitError, {{"a deviation", deviation, Bounds::AtLeastZero}});
}
LogicalResult UniformInitAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                      Number bound) {
  return verifyNumbers(emitError, {{"a bound", bound, Bounds::AtLeastZero}});
}

/// Checkpoints keep variables by name, as JSON, and have this name for something else.
static constexpr llvm::StringLiteral reservedName = "__metadata__";

LogicalResult VariableOp::verify() {
  if (getName().empty())
    return emitOpError("has no name, by which checkpoints keep it");
  if (llvm::StringRef fault = faultOf(getName()); !fault.empty())
    return emitOpError() << "\"" << printable(getName()) << "\" has a name that " << fault
                         << ", which no checkpoint can hold; rename it";
  if (getName() == reservedName)
    return emitOpError() << "has the name \"" << reservedName
                         << "\", which checkpoints have for what is no tensor; rename it";
  if (!getStored())
    return success();
  ArrayRef<int64_t> shape = shapeOf(getResult()), stored = *getStored();
  // A rank's part is of what the whole is.
  if (auto whole = getOperation()->getAttrOfType<TypeAttr>(dist::globalTypeAttrName))
    shape = cast<ShapedType>(whole.getValue()).getShape();
  bool isReshaped = dist::elementsOf(stored) == dist::elementsOf(shape);
  bool isPadded = !shape.empty() && stored.size() == shape.size() && stored[0] < shape[0] &&
                  stored.drop_front() == shape.drop_front();
  if (!isReshaped && !isPadded)
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
