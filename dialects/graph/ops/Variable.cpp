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

/// What the whole mesh has: a rank's part is of that.
static ShapedType wholeType(VariableOp op) {
  auto whole = op->getAttrOfType<TypeAttr>(dist::globalTypeAttrName);
  return cast<ShapedType>(whole ? whole.getValue() : op.getType());
}

/// Numbers are a constant's, and all of it.
static LogicalResult verifyNumbers(VariableOp op) {
  auto numbers = dyn_cast<DenseElementsAttr>(op.getInit());
  bool isConstant = op.getKind() == VariableKind::Constant;
  if (isConstant != bool(numbers))
    return op.emitOpError() << "is a " << stringifyVariableKind(op.getKind())
                            << " that starts as " << op.getInit()
                            << "; a constant has its numbers, dense<...>, and no other has";
  if (!isConstant && !wholeType(op).getElementType().isF32())
    return op.emitOpError("of ") << op.getType() << " is no constant; others are of f32";
  if (numbers && numbers.getType() != wholeType(op))
    return op.emitOpError("of ") << wholeType(op) << " has numbers of " << numbers.getType();
  if (isConstant && op.getStored())
    return op.emitOpError("is a constant with a stored shape; no checkpoint has it");
  return success();
}

LogicalResult VariableOp::verify() {
  if (failed(verifyNumbers(*this)))
    return failure();
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
  ArrayRef<int64_t> shape = wholeType(*this).getShape(), stored = *getStored();
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
