// Linear layers and products of matrices; an order of dimensions is a word of letters.
#include "compiler/import/Broadcast.h"
#include "compiler/import/Operations.h"

using namespace mlir;

namespace autopar::pt2 {

/// The letters of a value whose PyTorch dimensions are called `names`.
static std::string term(const Held &x, StringRef names) {
  std::string letters(names.size(), ' ');
  for (auto [dim, place] : llvm::enumerate(x.order))
    letters[place] = names[dim];
  return letters;
}

/// The product under `result`'s letters, PyTorch's order.
static Value einsum(Importer &importer, const Twine &suffix, const Held &lhs, StringRef ofLhs,
                    const Held &rhs, StringRef ofRhs, StringRef ofResult) {
  Held left = importer.whole(lhs), right = importer.whole(rhs);
  if (!left.value || !right.value)
    return Value();
  SmallVector<int64_t> shape;
  for (char letter : ofResult) {
    size_t inLhs = ofLhs.find(letter);
    shape.push_back(inLhs != StringRef::npos ? lhs.shape[inLhs]
                                             : rhs.shape[ofRhs.find(letter)]);
  }
  std::string equation = term(left, ofLhs) + "," + term(right, ofRhs) + "->" + ofResult.str();
  return importer.make<graph::EinsumOp>(suffix, shape, {left.value, right.value},
                                        importer.attribute("equation", StringRef(equation)));
}

/// As many letters for the dimensions in front of the last one; it is called c or o.
static std::string leading(size_t rank) {
  return StringRef("abdefghij").take_front(rank - 1).str();
}

static LogicalResult linear(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("input"));
  if (!x)
    return failure();
  bool hasBias = arguments.has("bias");
  std::string suffix = hasBias ? ".matmul" : "";
  size_t rank = x->shape.size();
  Value product;
  if (rank == 2) {
    Value input = importer.plain(*x);
    Value weight = input ? importer.variable(arguments.tensor("weight")) : Value();
    if (!weight)
      return failure();
    product = importer.make<graph::LinearOp>(suffix, importer.resultShape(), {input, weight});
  } else {
    Held input = *x;
    Value weight = importer.variable(arguments.tensor("weight"));
    if (!weight)
      return failure();
    if (rank < 1 || rank > 10 || graph::shapeOf(weight).size() != 2)
      return importer.fail("its input is of " + Twine(rank) + " dimensions");
    std::string rows = leading(rank);
    product =
        einsum(importer, suffix, input, rows + "c", Importer::plainly(weight), "oc", rows + "o");
  }
  if (hasBias && product)
    product = importer.make<graph::BiasAddOp>(
        "", graph::shapeOf(product), {product, importer.variable(arguments.tensor("bias"))});
  return importer.result(Importer::plainly(product));
}

/// A matrix, or many: a vector's single row or column is none of the result's dimensions, and a
/// batch of one is repeated over the other's.
static LogicalResult matmul(Importer &importer, const Arguments &arguments) {
  StringRef other = arguments.has("other") ? "other" : "mat2";
  const Held *read = importer.real(arguments.tensor("self"));
  if (!read)
    return failure();
  Held lhs = *read;
  read = importer.real(arguments.tensor(other));
  if (!read)
    return failure();
  Held rhs = *read;
  const size_t left = lhs.shape.size(), right = rhs.shape.size();
  const size_t ofLeft = left < 2 ? 0 : left - 2, ofRight = right < 2 ? 0 : right - 2;
  const size_t batch = std::max(ofLeft, ofRight);
  if (left < 1 || right < 1 || batch > 9)
    return importer.fail("its operands are of " + Twine(left) + " and " + Twine(right) +
                         " dimensions");
  static constexpr StringRef letters = "abdefghij";
  std::string result;
  // The letters of an operand, of which a size of 1 that the other repeats is none.
  auto named = [&](Held &x, size_t count, const Held &y, size_t ofOther,
                   StringRef matrix) -> std::optional<std::string> {
    std::string names;
    std::vector<int64_t> kept;
    for (size_t i = 0; i < count; ++i) {
      const size_t at = batch - count + i; // among the result's
      const int64_t size = x.shape[i],
                    others = at + ofOther < batch ? 1 : y.shape[at + ofOther - batch];
      if (size == 1 && others != 1)
        continue;
      names += letters[at];
      kept.push_back(size);
    }
    kept.insert(kept.end(), x.shape.begin() + count, x.shape.end());
    std::optional<Held> without = importer.reshaped(x, kept);
    if (!without)
      return std::nullopt;
    x = *without;
    return names + matrix.str();
  };
  const Held wholeLeft = lhs, wholeRight = rhs;
  auto ofLhs = named(lhs, ofLeft, wholeRight, ofRight, left < 2 ? "c" : "rc");
  auto ofRhs = named(rhs, ofRight, wholeLeft, ofLeft, right < 2 ? "c" : "co");
  if (!ofLhs || !ofRhs)
    return failure();
  for (char letter : letters.take_front(batch))
    if (StringRef(*ofLhs).contains(letter) || StringRef(*ofRhs).contains(letter))
      result += letter;
  result += left < 2 ? "" : "r";
  result += right < 2 ? "" : "o";
  Held product =
      Importer::plainly(einsum(importer, "", lhs, *ofLhs, rhs, *ofRhs, result));
  if (!product.value)
    return failure();
  std::optional<Held> shaped = importer.reshaped(product, importer.resultShape());
  return shaped ? importer.result(*shaped) : failure();
}

/// Of two operands, with a letter for each dimension.
static LogicalResult einsumOf(Importer &importer, const Arguments &arguments) {
  std::string equation = arguments.text("equation").str();
  llvm::erase(equation, ' ');
  ArrayRef<std::string> names = arguments.tensors("tensors");
  auto [terms, ofResult] = StringRef(equation).split("->");
  auto [ofLhs, ofRhs] = terms.split(',');
  if (names.size() != 2 || ofResult.empty() || StringRef(equation).contains('.') ||
      ofRhs.contains(','))
    return importer.fail("its equation is \"" + equation +
                         "\"; two operands can be read, with a letter for each dimension");
  const Held *read = importer.real(names[0]);
  if (!read)
    return failure();
  Held lhs = *read;
  const Held *rhs = importer.real(names[1]);
  if (!rhs)
    return failure();
  if (lhs.shape.size() != ofLhs.size() || rhs->shape.size() != ofRhs.size())
    return importer.fail("its equation \"" + equation + "\" is of other dimensions");
  for (char letter : ofResult)
    if (!ofLhs.contains(letter) && !ofRhs.contains(letter))
      return importer.fail("its equation \"" + equation + "\" makes a dimension of nothing");
  return importer.result(
      Importer::plainly(einsum(importer, "", lhs, ofLhs, *rhs, ofRhs, ofResult)));
}

/// input + a product of matrices.
static LogicalResult baddbmm(Importer &importer, const Arguments &arguments) {
  if (arguments.number("beta") != 1 || arguments.number("alpha") != 1)
    return importer.fail("it multiplies its terms");
  const Held *read = importer.real(arguments.tensor("batch1"));
  if (!read)
    return failure();
  Held lhs = *read;
  read = importer.real(arguments.tensor("batch2"));
  if (!read)
    return failure();
  Held rhs = *read;
  read = importer.real(arguments.tensor("self"));
  if (!read || lhs.shape.size() != 3 || rhs.shape.size() != 3)
    return importer.fail("its operands are no batches of matrices");
  Value product = einsum(importer, ".matmul", lhs, "arc", rhs, "aco", "aro");
  Value term = importer.plain(repeated(importer, *read, importer.resultShape()));
  return importer.result(Importer::plainly(
      importer.make<graph::AddOp>("", importer.resultShape(), {product, term})));
}

/// bias + input weight, as transformers' Conv1D has it.
static LogicalResult addmm(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("mat1"));
  Value weight = x ? importer.variable(arguments.tensor("mat2")) : Value();
  if (!weight)
    return failure();
  if (arguments.number("beta") != 1 || arguments.number("alpha") != 1)
    return importer.fail("it multiplies its terms");
  if (x->shape.size() != 2 || graph::shapeOf(weight).size() != 2)
    return importer.fail("its operands are no matrices");
  Value product = einsum(importer, ".matmul", *x, "ac", Importer::plainly(weight), "co", "ao");
  Value bias = product ? importer.variable(arguments.tensor("self")) : Value();
  return importer.result(Importer::plainly(
      bias ? importer.make<graph::BiasAddOp>("", graph::shapeOf(product), {product, bias})
           : Value()));
}

static constexpr OperationForm productForms[] = {
    {"aten.linear.default", "input weight bias=null", linear},
    {"aten.matmul.default", "self other mat2=null", matmul},
    {"aten.mm.default", "self mat2 other=null", matmul},
    {"aten.bmm.default", "self mat2 other=null", matmul},
    {"aten.einsum.default", "equation tensors path=null", einsumOf},
    {"aten.baddbmm.default", "self batch1 batch2 beta=1 alpha=1", baddbmm},
    {"aten.addmm.default", "self mat1 mat2 beta=1 alpha=1", addmm},
};

ArrayRef<OperationForm> productOperations() { return productForms; }

} // namespace autopar::pt2
