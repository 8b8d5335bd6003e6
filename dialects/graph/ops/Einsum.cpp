// Contractions: each letter is a factor, parallel where the result has it.
#include "dialects/graph/Equation.h"
#include "dialects/graph/Graph.h"

#include "llvm/ADT/SmallString.h"

using namespace mlir;

namespace autopar::graph {

/// The size of each letter; fails with what does not agree.
static FailureOr<llvm::SmallDenseMap<char, int64_t>> sizesOf(const Equation &equation,
                                                             ArrayRef<int64_t> lhs,
                                                             ArrayRef<int64_t> rhs,
                                                             std::optional<Location> loc) {
  llvm::SmallDenseMap<char, int64_t> sizes;
  for (auto [letters, shape] :
       {std::pair(StringRef(equation.lhs), lhs), std::pair(StringRef(equation.rhs), rhs)}) {
    if (letters.size() != shape.size())
      return emitOptionalError(loc, "\"", letters, "\" names ", letters.size(),
                               " dimensions of an input that has ", shape.size());
    for (auto [letter, size] : llvm::zip_equal(letters, shape))
      if (auto [known, isNew] = sizes.try_emplace(letter, size);
          !isNew && known->second != size)
        return emitOptionalError(loc, "'", StringRef(&letter, 1), "' is ", known->second,
                                 " in one input and ", size, " in the other");
  }
  return sizes;
}

LogicalResult EinsumOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                         ValueRange operands, DictionaryAttr attributes,
                                         OpaqueProperties properties, RegionRange regions,
                                         SmallVectorImpl<Type> &types) {
  EinsumOpAdaptor einsum(operands, attributes, *properties.as<Properties *>(), regions);
  llvm::Expected<Equation> equation = Equation::parse(einsum.getEquation());
  if (!equation)
    return emitOptionalError(loc, llvm::toString(equation.takeError()));
  auto sizes = sizesOf(*equation, shapeOf(einsum.getLhs()), shapeOf(einsum.getRhs()), loc);
  if (failed(sizes))
    return failure();
  SmallVector<int64_t> shape;
  for (char letter : equation->result)
    shape.push_back(sizes->lookup(letter));
  RankedTensorType lhs = typeOf(einsum.getLhs()), rhs = typeOf(einsum.getRhs());
  bool isRight = rhs.getElementTypeBitWidth() < lhs.getElementTypeBitWidth();
  types.push_back((isRight ? rhs : lhs).clone(shape));
  return success();
}

bool EinsumOp::isCompatibleReturnTypes(TypeRange inferred, TypeRange given) {
  auto narrow = cast<RankedTensorType>(inferred.front());
  return given.size() == 1 &&
         (given.front() == narrow ||
          given.front() == narrow.clone(Float32Type::get(narrow.getContext())));
}

/// The equation and sizes of a verified operation.
static std::pair<Equation, llvm::SmallDenseMap<char, int64_t>> contraction(EinsumOp op) {
  Equation equation = llvm::cantFail(Equation::parse(op.getEquation()));
  auto sizes = sizesOf(equation, shapeOf(op.getLhs()), shapeOf(op.getRhs()), std::nullopt);
  return {std::move(equation), std::move(*sizes)};
}

double EinsumOp::getFlops() {
  double products = 1;
  for (auto [letter, size] : contraction(*this).second)
    products *= size;
  return 2 * products;
}

ShardingRule EinsumOp::getShardingRule() {
  auto [equation, sizes] = contraction(*this);
  ShardingRule rule;
  llvm::SmallDenseMap<char, int> factors;
  for (char letter : equation.letters())
    factors[letter] =
        rule.add(StringRef(&letter, 1), sizes.lookup(letter),
                 equation.isSummed(letter) ? FactorKind::Reduction : FactorKind::Parallel);
  auto dims = [&](StringRef letters) {
    return llvm::map_to_vector(letters, [&](char letter) { return factors.lookup(letter); });
  };
  rule.operand(dims(equation.lhs));
  rule.operand(dims(equation.rhs));
  rule.result(dims(equation.result));
  return rule;
}

void EinsumOp::buildGradient(Gradients &gradients) {
  Value dy = gradients.of(getResult());
  Equation equation = llvm::cantFail(Equation::parse(getEquation()));
  // Of the operand's own type: f32 for a weight, whatever the activations are.
  auto gradient = [&](Value operand, const Equation &of, Value lhs, Value rhs) {
    if (gradients.wants(operand))
      gradients.add(operand, EinsumOp::create(gradients.builder, gradients.nameFor(operand),
                                              operand.getType(), of.str(), lhs, rhs));
  };
  gradient(getLhs(), equation.gradientOfLhs(), dy, getRhs());
  gradient(getRhs(), equation.gradientOfRhs(), getLhs(), dy);
}

} // namespace autopar::graph
