// Element by element: activations, sums, multiples, dropout.
#include "compiler/import/Operations.h"

#include <cmath>

using namespace mlir;

namespace autopar::pt2 {

template <typename Op>
static LogicalResult activation(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  if (!x)
    return failure();
  return importer.result(
      Importer::likewise(importer.make<Op>("", graph::shapeOf(x->value), x->value), *x));
}

static LogicalResult gelu(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  if (!x)
    return failure();
  return importer.result(
      Importer::likewise(importer.make<graph::GeluOp>(
                             "", graph::shapeOf(x->value), x->value,
                             importer.attribute("approximate", arguments.text("approximate"))),
                         *x));
}

template <bool inPlace>
static LogicalResult dropout(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor(inPlace ? "self" : "input"));
  std::optional<double> rate = arguments.number("p");
  if (!x || !rate)
    return failure();
  if (!arguments.flag("train") || *rate == 0)
    return importer.result(*x);
  return importer.result(
      Importer::likewise(importer.make<graph::DropoutOp>("", graph::shapeOf(x->value), x->value,
                                                         importer.attribute("rate", *rate)),
                         *x));
}

/// A multiple of a value; itself where the factor is one.
static Held scaled(Importer &importer, const Held &x, double factor, const Twine &suffix) {
  if (factor == 1)
    return x;
  return Importer::likewise(importer.make<graph::ScaleOp>(suffix, graph::shapeOf(x.value),
                                                          x.value,
                                                          importer.attribute("factor", factor)),
                            x);
}

/// The number that an argument is: written there, or a constant of one element.
static std::optional<double> numberOf(Importer &importer, const Arguments &arguments,
                                      StringRef name) {
  if (std::optional<double> number = arguments.number(name))
    return number;
  StringRef tensor = arguments.tensor(name);
  std::shared_ptr<const Constant> constant =
      tensor.empty() ? nullptr : importer.constant(tensor);
  if (constant && constant->numbers.size() == 1)
    return constant->numbers.front();
  return std::nullopt;
}

template <bool inverse>
static LogicalResult multiple(Importer &importer, const Arguments &arguments) {
  std::optional<double> other = numberOf(importer, arguments, "other");
  if (!other)
    return importer.fail(inverse ? "a tensor is divided by a tensor"
                                 : "a tensor is multiplied by a tensor");
  const Held *x = importer.real(arguments.tensor("self"));
  if (!x)
    return failure();
  double factor = inverse ? 1 / *other : *other;
  if (!std::isfinite(factor))
    return importer.fail("its factor is not finite");
  return importer.result(scaled(importer, *x, factor, ""));
}

static LogicalResult negative(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  return x ? importer.result(scaled(importer, *x, -1, "")) : failure();
}

/// x plus what stands on some of its dimensions: those become the trailing ones of the value.
static LogicalResult broadcast(Importer &importer, const Held &x, const Held &bias) {
  if (bias.shape.size() > x.shape.size())
    return importer.fail("both of its operands are repeated");
  if (!bias.isOfVariables)
    return importer.fail("it repeats an operand that is computed of the inputs");
  size_t lead = x.shape.size() - bias.shape.size();
  SmallVector<int> rest, ofX, ofBias;
  for (int dim = 0, rank = int(x.shape.size()); dim < rank; ++dim) {
    bool isRepeated = dim < int(lead) || (bias.shape[dim - lead] == 1 && x.shape[dim] != 1);
    if (!isRepeated && bias.shape[dim - lead] != x.shape[dim])
      return importer.fail("both of its operands are repeated");
    if (isRepeated) {
      rest.push_back(dim);
    } else {
      ofX.push_back(dim);
      ofBias.push_back(dim - int(lead));
    }
  }
  // Where the value has them behind the others in any order, it is as it should be.
  Held all = importer.whole(x);
  auto place = [&](int dim) { return all.order[dim]; };
  auto byPlace = [&](int a, int b) { return place(a) < place(b); };
  llvm::sort(rest, byPlace);
  SmallVector<int> sorted = ofX;
  llvm::sort(sorted, byPlace);
  SmallVector<int> biasDims, order = rest;
  for (int dim : sorted) {
    order.push_back(dim);
    biasDims.push_back(dim - int(lead));
  }
  Held result = all;
  result.value = importer.arranged(all, order);
  for (auto [at, dim] : llvm::enumerate(order))
    result.order[dim] = int(at);
  Value sum =
      result.value
          ? importer.make<graph::BiasAddOp>("", graph::shapeOf(result.value),
                                            {result.value, importer.arranged(bias, biasDims)})
          : Value();
  return importer.result(Importer::likewise(sum, result));
}

template <int sign> static LogicalResult sum(Importer &importer, const Arguments &arguments) {
  std::optional<double> alpha = arguments.number("alpha");
  StringRef self = arguments.tensor("self"), other = arguments.tensor("other");
  if (!alpha || other.empty())
    return importer.fail("a number is added to a tensor");
  if (std::shared_ptr<const Constant> mask = importer.constant(other)) {
    const Held *scores = importer.real(self);
    if (!scores)
      return failure();
    if (sign < 0 || *alpha != 1 || !isCausalBias(*mask) || scores->shape.size() < 2 ||
        ArrayRef<int64_t>(scores->shape).take_back(2) !=
            ArrayRef<int64_t>(mask->shape).take_back(2))
      return importer.fail("it adds a constant tensor that is no causal mask");
    Held masked = *scores;
    masked.pending = Held::Pending::CausalMask;
    return importer.result(masked);
  }
  const Held *read = importer.real(self);
  if (!read)
    return failure();
  Held x = *read;
  read = importer.real(other);
  if (!read)
    return failure();
  Held y = scaled(importer, *read, sign * *alpha, ".scaled");
  y.isOfVariables = read->isOfVariables;
  if (x.shape != y.shape && x.shape.size() <= y.shape.size() &&
      importer.resultShape() == ArrayRef<int64_t>(y.shape))
    std::swap(x, y);
  if (x.shape != y.shape)
    return broadcast(importer, x, y);
  if (x.isOfVariables && !y.isOfVariables)
    return broadcast(importer, y, x);
  if (y.isOfVariables && !x.isOfVariables)
    return broadcast(importer, x, y);
  Held result =
      Importer::likewise(importer.make<graph::AddOp>("", graph::shapeOf(x.value),
                                                     {x.value, importer.arrangedAs(y, x)}),
                         x);
  result.isOfVariables = x.isOfVariables;
  return importer.result(result);
}

static constexpr OperationForm elementwiseForms[] = {
    {"aten.relu.default", "self", activation<graph::ReluOp>},
    {"aten.relu_.default", "self", activation<graph::ReluOp>},
    {"aten.silu.default", "self", activation<graph::SiluOp>},
    {"aten.silu_.default", "self", activation<graph::SiluOp>},
    {"aten.gelu.default", "self approximate=\"none\"", gelu},
    {"aten.gelu_.default", "self approximate=\"none\"", gelu},
    {"aten.dropout.default", "input p train", dropout<false>},
    {"aten.dropout_.default", "self p train", dropout<true>},
    {"aten.add.Tensor", "self other alpha=1", sum<1>},
    {"aten.add_.Tensor", "self other alpha=1", sum<1>},
    {"aten.sub.Tensor", "self other alpha=1", sum<-1>},
    {"aten.sub_.Tensor", "self other alpha=1", sum<-1>},
    {"aten.mul.Tensor", "self other", multiple<false>},
    {"aten.mul_.Tensor", "self other", multiple<false>},
    {"aten.mul.Scalar", "self other", multiple<false>},
    {"aten.div.Tensor", "self other", multiple<true>},
    {"aten.div_.Tensor", "self other", multiple<true>},
    {"aten.div.Scalar", "self other", multiple<true>},
    {"aten.neg.default", "self", negative},
};

ArrayRef<OperationForm> elementwiseOperations() { return elementwiseForms; }

} // namespace autopar::pt2
