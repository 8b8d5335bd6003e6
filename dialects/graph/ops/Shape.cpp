// Changes of arrangement: a dimension that stays what it is may be split.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

#include <cmath>
#include <limits>
#include <numeric>

using namespace mlir;

namespace autopar::graph {

/// The type of `value` with one dimension of another size.
static Type withDim(Value value, int64_t dim, int64_t size) {
  SmallVector<int64_t> shape(shapeOf(value));
  shape[dim] = size;
  return typeOf(value).clone(shape);
}
static LogicalResult checkDim(std::optional<Location> loc, Value value, int64_t dim) {
  if (dim >= typeOf(value).getRank())
    return emitOptionalError(loc, "names dimension ", dim, " of ", value.getType());
  return success();
}
/// [begin, begin + length) within a dimension of size `whole`.
static LogicalResult checkRange(std::optional<Location> loc, int64_t begin, int64_t length,
                                int64_t whole) {
  if (begin > whole - length)
    return emitOptionalError(loc, "is of indices ", begin, " to ", begin + length,
                             " of a dimension of ", whole);
  return success();
}

LogicalResult ReshapeOp::verify() {
  if (typeOf(getInput()).getNumElements() != getType().getNumElements() ||
      typeOf(getInput()).getElementType() != getType().getElementType())
    return emitOpError("makes ") << getType() << " of " << getInput().getType();
  return success();
}

LogicalResult PadOp::verify() {
  double value = getValue().convertToDouble();
  constexpr double least = std::numeric_limits<int32_t>::min(),
                   most = std::numeric_limits<int32_t>::max();
  bool isToken = value == std::floor(value) && value >= least && value <= most;
  if (typeOf(getInput()).getElementType().isInteger() && !isToken)
    return emitOpError("pads ") << getInput().getType() << " with " << Number(value).str()
                                << ", which is no number of 32 bits";
  return success();
}

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            ValueRange operands, DictionaryAttr attributes,
                                            OpaqueProperties properties, RegionRange regions,
                                            SmallVectorImpl<Type> &types) {
  TransposeOpAdaptor op(operands, attributes, *properties.as<Properties *>(), regions);
  ArrayRef<int64_t> shape = shapeOf(op.getInput()), permutation = op.getPermutation();
  SmallVector<int64_t> sorted(permutation);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, shape.size())))
    return emitOptionalError(loc, "has [", permutation, "], which is no order of ",
                             shape.size(), " dimensions");
  types.push_back(
      typeOf(op.getInput()).clone(llvm::map_to_vector(permutation, [&](int64_t dim) {
        return shape[dim];
      })));
  return success();
}
LogicalResult SliceOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                        ValueRange operands, DictionaryAttr attributes,
                                        OpaqueProperties properties, RegionRange regions,
                                        SmallVectorImpl<Type> &types) {
  SliceOpAdaptor op(operands, attributes, *properties.as<Properties *>(), regions);
  if (failed(checkDim(loc, op.getInput(), op.getDim())) ||
      failed(
          checkRange(loc, op.getBegin(), op.getLength(), shapeOf(op.getInput())[op.getDim()])))
    return failure();
  types.push_back(withDim(op.getInput(), op.getDim(), op.getLength()));
  return success();
}
LogicalResult PadOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                      ValueRange operands, DictionaryAttr attributes,
                                      OpaqueProperties properties, RegionRange regions,
                                      SmallVectorImpl<Type> &types) {
  PadOpAdaptor op(operands, attributes, *properties.as<Properties *>(), regions);
  if (failed(checkDim(loc, op.getInput(), op.getDim())) ||
      failed(
          checkRange(loc, op.getBegin(), shapeOf(op.getInput())[op.getDim()], op.getWhole())))
    return failure();
  types.push_back(withDim(op.getInput(), op.getDim(), op.getWhole()));
  return success();
}
LogicalResult ConcatOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         ValueRange operands, DictionaryAttr attributes,
                                         OpaqueProperties properties, RegionRange regions,
                                         SmallVectorImpl<Type> &types) {
  ConcatOpAdaptor op(operands, attributes, *properties.as<Properties *>(), regions);
  if (operands.empty())
    return emitOptionalError(loc, "has nothing to put together");
  int64_t dim = op.getDim(), whole = 0;
  if (failed(checkDim(loc, operands[0], dim)))
    return failure();
  for (Value value : operands) {
    bool fits = typeOf(value).getRank() == typeOf(operands[0]).getRank() &&
                withDim(value, dim, 1) == withDim(operands[0], dim, 1);
    if (!fits)
      return emitOptionalError(loc, "puts ", value.getType(), " beside ", operands[0].getType(),
                               " along dimension ", dim);
    whole += shapeOf(value)[dim];
  }
  types.push_back(withDim(operands[0], dim, whole));
  return success();
}

bool ReshapeOp::isView() { return true; }

/// All dimensions but `whole` are parallel, and stand alike on every operand and result.
static ShardingRule besideDim(Operation *op, int64_t whole, bool isLinear = true) {
  ShardingRule rule;
  SmallVector<int> dims;
  for (auto [i, size] : llvm::enumerate(shapeOf(op->getResult(0))))
    dims.push_back(static_cast<int64_t>(i) == whole
                       ? ShardingRule::whole
                       : rule.add("d" + std::to_string(i), size, FactorKind::Parallel));
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    rule.operand(dims);
  rule.result(dims);
  if (isLinear)
    rule.add("partial", 0, FactorKind::PartialSum);
  return rule;
}
ShardingRule SliceOp::getShardingRule() { return besideDim(*this, getDim()); }
ShardingRule PadOp::getShardingRule() {
  return besideDim(*this, getDim(), /*isLinear=*/getValue().isZero());
}
ShardingRule ConcatOp::getShardingRule() { return besideDim(*this, getDim()); }

ShardingRule TransposeOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> dims = addFactors(rule, shapeOf(getInput()), FactorKind::Parallel);
  rule.operand(dims);
  rule.result(llvm::map_to_vector(getPermutation(), [&](int64_t dim) { return dims[dim]; }));
  rule.add("partial", 0, FactorKind::PartialSum);
  return rule;
}

/// Groups of dimensions, of as many elements before as after: a block of a group's leading
/// dimension is a run of memory in both shapes. Dimensions of size 1 belong to no group.
ShardingRule ReshapeOp::getShardingRule() {
  ShardingRule rule;
  ArrayRef<int64_t> from = shapeOf(getInput()), to = shapeOf(getOutput());
  SmallVector<int> before = wholeDims(getInput()), after = wholeDims(getOutput());
  size_t i = 0, j = 0;
  while (true) {
    while (i < from.size() && from[i] == 1)
      ++i;
    while (j < to.size() && to[j] == 1)
      ++j;
    if (i == from.size() || j == to.size())
      break;
    int64_t size = std::gcd(from[i], to[j]);
    if (size > 1)
      before[i] = after[j] =
          rule.add("g" + std::to_string(rule.factors.size()), size, FactorKind::Parallel);
    int64_t left = from[i++], right = to[j++];
    while (left != right)
      left < right ? left *= from[i++] : right *= to[j++];
  }
  rule.operand(before);
  rule.result(after);
  rule.add("partial", 0, FactorKind::PartialSum);
  return rule;
}

void ReshapeOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(), ReshapeOp::create(gradients.builder, gradients.nameFor(getInput()),
                                              getInput().getType(), gradients.of(getOutput())));
}
void TransposeOp::buildGradient(Gradients &gradients) {
  SmallVector<int64_t> inverse(getPermutation().size());
  for (auto [to, from] : llvm::enumerate(getPermutation()))
    inverse[from] = to;
  gradients.add(getInput(),
                TransposeOp::create(gradients.builder, gradients.nameFor(getInput()),
                                    gradients.of(getOutput()), inverse));
}
void SliceOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(), PadOp::create(gradients.builder, gradients.nameFor(getInput()),
                                          gradients.of(getOutput()), getDim(), getBegin(),
                                          shapeOf(getInput())[getDim()], llvm::APFloat(0.0)));
}
void PadOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(), SliceOp::create(gradients.builder, gradients.nameFor(getInput()),
                                            gradients.of(getOutput()), getDim(), getBegin(),
                                            shapeOf(getInput())[getDim()]));
}
void ConcatOp::buildGradient(Gradients &gradients) {
  int64_t begin = 0;
  for (Value input : getInputs()) {
    int64_t length = shapeOf(input)[getDim()];
    if (gradients.wants(input))
      gradients.add(input, SliceOp::create(gradients.builder, gradients.nameFor(input),
                                           gradients.of(getOutput()), getDim(), begin, length));
    begin += length;
  }
}

} // namespace autopar::graph
