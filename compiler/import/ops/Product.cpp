// Linear layers and products of matrices; an order of dimensions is a word of letters.
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
    Value weight = importer.variable(arguments.tensor("weight"));
    if (!weight || rank < 2 || graph::shapeOf(weight).size() != 2)
      return importer.fail("its input is of " + Twine(rank) + " dimensions");
    std::string rows = leading(rank);
    product =
        einsum(importer, suffix, *x, rows + "c", Importer::plainly(weight), "oc", rows + "o");
  }
  if (hasBias && product)
    product = importer.make<graph::BiasAddOp>(
        "", graph::shapeOf(product), {product, importer.variable(arguments.tensor("bias"))});
  return importer.result(Importer::plainly(product));
}

static LogicalResult matmul(Importer &importer, const Arguments &arguments) {
  StringRef other = arguments.has("other") ? "other" : "mat2";
  const Held *lhs = importer.real(arguments.tensor("self"));
  const Held *rhs = lhs ? importer.real(arguments.tensor(other)) : nullptr;
  if (!rhs)
    return failure();
  size_t rank = lhs->shape.size();
  if (rank < 2 || (rhs->shape.size() != rank && rhs->shape.size() != 2))
    return importer.fail("its operands are of " + Twine(rank) + " and " +
                         Twine(rhs->shape.size()) + " dimensions");
  bool isBatched = rhs->shape.size() == rank && rank > 2;
  if (isBatched &&
      ArrayRef<int64_t>(lhs->shape).drop_back(2) != ArrayRef<int64_t>(rhs->shape).drop_back(2))
    return importer.fail("one of its operands is repeated over the other's matrices");
  std::string rows = leading(rank);
  std::string batch = isBatched ? rows.substr(0, rank - 2) : "";
  return importer.result(Importer::plainly(
      einsum(importer, "", *lhs, rows + "c", *rhs, batch + "co", rows + "o")));
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
    {"aten.addmm.default", "self mat1 mat2 beta=1 alpha=1", addmm},
};

ArrayRef<OperationForm> productOperations() { return productForms; }

} // namespace autopar::pt2
