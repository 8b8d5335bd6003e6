// Element by element: functions of one tensor, of two that may be repeated, and of numbers.
#include "compiler/import/Broadcast.h"
#include "compiler/import/Operations.h"

#include <cmath>
#include <limits>

using namespace mlir;

namespace autopar::pt2 {

template <typename Op>
static Held made(Importer &importer, const Held &x, StringRef parameter, double number,
                 const Twine &suffix = "") {
  return importer.apply<Op>(x, importer.attribute(parameter, number), suffix);
}

static Held refused(Importer &importer, const Twine &reason) {
  (void)importer.fail(reason);
  return Held();
}

/// A multiple of a value; itself where the factor is one. Stochastic depth divides ones that
/// survived by their share, as dropout has done already.
static Held scaled(Importer &importer, const Held &x, double factor, const Twine &suffix = "") {
  if (factor == 1 || !x.value)
    return x;
  if (!std::isfinite(factor))
    return refused(importer, "its factor is not finite");
  if (auto before = x.value.getDefiningOp<graph::ScaleOp>();
      before && before.getInput().getDefiningOp<graph::DropoutOp>() &&
      std::abs(before.getFactor().convertToDouble() * factor - 1) < 1e-12)
    return Importer::likewise(before.getInput(), x);
  return made<graph::ScaleOp>(importer, x, "factor", factor, suffix);
}
static Held shifted(Importer &importer, const Held &x, double term, const Twine &suffix = "") {
  return term == 0 ? x : made<graph::ShiftOp>(importer, x, "term", term, suffix);
}

//===- functions of one tensor ------------------------------------------------------------===//

/// What the node makes of its tensor and arguments.
using Function = Held (*)(Importer &, const Held &, const Arguments &);

template <Function function>
static LogicalResult of(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  return x ? importer.result(function(importer, Held(*x), arguments)) : failure();
}

template <typename Op>
static Held plain(Importer &importer, const Held &x, const Arguments &) {
  return importer.apply<Op>(x);
}
static Held gelu(Importer &importer, const Held &x, const Arguments &arguments) {
  return importer.apply<graph::GeluOp>(
      x, importer.attribute("approximate", arguments.text("approximate")));
}
static Held negative(Importer &importer, const Held &x, const Arguments &) {
  return scaled(importer, x, -1);
}
static Held toPower(Importer &importer, const Held &x, double exponent) {
  if (exponent == 1)
    return x;
  if (exponent == 0.5)
    return importer.apply<graph::SqrtOp>(x);
  if (exponent == -0.5)
    return importer.apply<graph::RsqrtOp>(x);
  return made<graph::PowerOp>(importer, x, "exponent", exponent);
}
template <int exponent>
static Held fixedPower(Importer &importer, const Held &x, const Arguments &) {
  return toPower(importer, x, exponent);
}
static Held power(Importer &importer, const Held &x, const Arguments &arguments) {
  std::optional<double> exponent = arguments.number("exponent");
  return exponent ? toPower(importer, x, *exponent)
                  : refused(importer, "its exponent is no number");
}

static Held between(Importer &importer, const Held &x, double low, double high) {
  return importer.apply<graph::ClampOp>(
      x, {importer.attribute("low", low), importer.attribute("high", high)});
}
/// The bounds that its arguments `low` and `high` are, if they are there.
static Held clamped(Importer &importer, const Held &x, const Arguments &arguments,
                    StringRef low, StringRef high) {
  constexpr double most = std::numeric_limits<float>::max();
  auto bound = [&](StringRef name, double otherwise) {
    return name.empty() || !arguments.has(name) ? otherwise : arguments.number(name);
  };
  std::optional<double> least = bound(low, -most), largest = bound(high, most);
  if (!least || !largest)
    return refused(importer, "one of its bounds is no number");
  return between(importer, x, *least, *largest);
}
static Held clamp(Importer &importer, const Held &x, const Arguments &arguments) {
  return clamped(importer, x, arguments, "min", "max");
}
static Held clampMin(Importer &importer, const Held &x, const Arguments &arguments) {
  return clamped(importer, x, arguments, "min", "");
}
static Held clampMax(Importer &importer, const Held &x, const Arguments &arguments) {
  return clamped(importer, x, arguments, "", "max");
}
static Held hardtanh(Importer &importer, const Held &x, const Arguments &arguments) {
  return clamped(importer, x, arguments, "min_val", "max_val");
}
static Held relu6(Importer &importer, const Held &x, const Arguments &) {
  return between(importer, x, 0, 6);
}

static Held leakyRelu(Importer &importer, const Held &x, const Arguments &arguments) {
  std::optional<double> slope = arguments.number("negative_slope");
  return slope ? made<graph::LeakyReluOp>(importer, x, "slope", *slope)
               : refused(importer, "its slope is no number");
}
static Held elu(Importer &importer, const Held &x, const Arguments &arguments) {
  std::optional<double> alpha = arguments.number("alpha"), scale = arguments.number("scale");
  if (!alpha || !scale || arguments.number("input_scale") != 1)
    return refused(importer, "it scales its input");
  return scaled(importer,
                made<graph::EluOp>(importer, x, "alpha", *alpha, *scale == 1 ? "" : ".elu"),
                *scale);
}
static Held selu(Importer &importer, const Held &x, const Arguments &) {
  return scaled(importer,
                made<graph::EluOp>(importer, x, "alpha", 1.6732632423543772848, ".elu"),
                1.0507009873554804934);
}
static Held softplus(Importer &importer, const Held &x, const Arguments &arguments) {
  std::optional<double> beta = arguments.number("beta");
  if (!beta || *beta == 0 || arguments.number("threshold") != 20)
    return refused(importer, "it is the identity from another number on than 20");
  if (*beta == 1)
    return importer.apply<graph::SoftplusOp>(x);
  Held inside = scaled(importer, x, *beta, ".beta");
  Held outside = importer.apply<graph::SoftplusOp>(inside, {}, ".softplus");
  return scaled(importer, outside, 1 / *beta);
}

//===- functions of two -------------------------------------------------------------------===//

/// A tensor, or the number that an argument is: written there, or a constant of one number.
struct Operand {
  std::optional<Held> tensor;
  double number = 0;
};

static std::optional<Operand> operand(Importer &importer, const Arguments &arguments,
                                      StringRef name) {
  if (std::optional<double> number = importer.numberOf(arguments, name))
    return Operand{std::nullopt, *number};
  const Held *held = importer.real(arguments.tensor(name));
  return held ? std::optional(Operand{*held}) : std::nullopt;
}

/// A node's two operands, of which one at least is a tensor.
static LogicalResult
ofTwo(Importer &importer, const Arguments &arguments,
      llvm::function_ref<Held(const Operand &, const Operand &)> function) {
  std::optional<Operand> x = operand(importer, arguments, "self");
  std::optional<Operand> y = x ? operand(importer, arguments, "other") : std::nullopt;
  if (!y)
    return importer.fail("one of its operands is no tensor and no number");
  if (!x->tensor && !y->tensor)
    return importer.fail("it computes with constants alone");
  Held result = function(*x, *y);
  return importer.result(repeated(importer, result, importer.resultShape()));
}

static LogicalResult product(Importer &importer, const Arguments &arguments) {
  return ofTwo(importer, arguments, [&](const Operand &x, const Operand &y) {
    if (x.tensor && y.tensor)
      return applyToBoth<graph::MulOp>(importer, *x.tensor, *y.tensor);
    return x.tensor ? scaled(importer, *x.tensor, y.number)
                    : scaled(importer, *y.tensor, x.number);
  });
}
static LogicalResult quotient(Importer &importer, const Arguments &arguments) {
  return ofTwo(importer, arguments, [&](const Operand &x, const Operand &y) {
    if (x.tensor && y.tensor)
      return applyToBoth<graph::DivOp>(importer, *x.tensor, *y.tensor);
    if (x.tensor)
      return scaled(importer, *x.tensor, 1 / y.number);
    return scaled(importer,
                  made<graph::PowerOp>(importer, *y.tensor, "exponent", -1,
                                       x.number == 1 ? "" : ".inverse"),
                  x.number);
  });
}
/// A bound that is a number has no part of the gradient.
template <typename Op, bool isLower>
static LogicalResult extreme(Importer &importer, const Arguments &arguments) {
  return ofTwo(importer, arguments, [&](const Operand &x, const Operand &y) {
    if (x.tensor && y.tensor)
      return applyToBoth<Op>(importer, *x.tensor, *y.tensor);
    constexpr double most = std::numeric_limits<float>::max();
    const Held &tensor = x.tensor ? *x.tensor : *y.tensor;
    double bound = x.tensor ? y.number : x.number;
    return isLower ? between(importer, tensor, bound, most)
                   : between(importer, tensor, -most, bound);
  });
}

/// x plus variables that stand on some of its dimensions: those become the trailing ones of the
/// value. None where the variables stand on no or on other dimensions.
static std::optional<Held> biased(Importer &importer, const Held &x, const Held &bias) {
  if (bias.shape.size() > x.shape.size() || !bias.isOfVariables)
    return std::nullopt;
  size_t lead = x.shape.size() - bias.shape.size();
  SmallVector<int> rest, ofX, ofBias;
  for (int dim = 0, rank = int(x.shape.size()); dim < rank; ++dim) {
    bool isRepeated = dim < int(lead) || (bias.shape[dim - lead] == 1 && x.shape[dim] != 1);
    if (!isRepeated && bias.shape[dim - lead] != x.shape[dim])
      return std::nullopt;
    if (isRepeated) {
      rest.push_back(dim);
    } else {
      ofX.push_back(dim);
      ofBias.push_back(dim - int(lead));
    }
  }
  if (ofBias.empty())
    return std::nullopt;
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
  result = Importer::likewise(sum, result);
  result.isOfVariables = x.isOfVariables;
  return result;
}

/// Variables go to a sum as they are, a bias.
static Held plus(Importer &importer, Held x, Held y) {
  if (x.shape != y.shape && x.shape.size() <= y.shape.size() &&
      importer.resultShape() == ArrayRef<int64_t>(y.shape))
    std::swap(x, y);
  if (x.shape == y.shape && x.isOfVariables && !y.isOfVariables)
    std::swap(x, y);
  if (x.shape != y.shape || (y.isOfVariables && !x.isOfVariables))
    if (std::optional<Held> sum = biased(importer, x, y))
      return *sum;
  return applyToBoth<graph::AddOp>(importer, x, y);
}

/// self + alpha other, or self - alpha other.
template <int sign> static LogicalResult sum(Importer &importer, const Arguments &arguments) {
  std::optional<double> alpha = arguments.number("alpha");
  if (!alpha)
    return importer.fail("its alpha is no number");
  StringRef self = arguments.tensor("self"), other = arguments.tensor("other");
  if (std::shared_ptr<const Constant> mask =
          other.empty() ? nullptr : importer.constant(other);
      mask && sign > 0 && *alpha == 1 && isCausalBias(*mask)) {
    const Held *scores = importer.real(self);
    if (!scores)
      return failure();
    if (scores->shape.size() >= 2 && ArrayRef<int64_t>(scores->shape).take_back(2) ==
                                         ArrayRef<int64_t>(mask->shape).take_back(2)) {
      Held masked = *scores;
      masked.pending = Held::Pending::CausalMask;
      return importer.result(masked);
    }
  }
  return ofTwo(importer, arguments, [&](const Operand &x, const Operand &y) {
    double factor = sign * *alpha;
    if (!y.tensor)
      return shifted(importer, *x.tensor, factor * y.number);
    if (!x.tensor)
      return shifted(importer, scaled(importer, *y.tensor, factor, ".scaled"), x.number);
    if (factor == -1 && !x.tensor->isOfVariables && !y.tensor->isOfVariables)
      return applyToBoth<graph::SubOp>(importer, *x.tensor, *y.tensor);
    return plus(importer, *x.tensor, scaled(importer, *y.tensor, factor, ".scaled"));
  });
}

/// other - alpha self
static LogicalResult reversed(Importer &importer, const Arguments &arguments) {
  std::optional<double> alpha = arguments.number("alpha");
  return ofTwo(importer, arguments, [&](const Operand &x, const Operand &y) {
    if (!alpha || !x.tensor)
      return refused(importer, "its alpha is no number");
    Held taken = scaled(importer, *x.tensor, -*alpha, ".scaled");
    return y.tensor ? plus(importer, *y.tensor, taken) : shifted(importer, taken, y.number);
  });
}

/// self + value tensor1 tensor2
static LogicalResult addcmul(Importer &importer, const Arguments &arguments) {
  std::optional<Operand> x = operand(importer, arguments, "self"),
                         a = operand(importer, arguments, "tensor1"),
                         b = operand(importer, arguments, "tensor2");
  std::optional<double> value = arguments.number("value");
  if (!x || !a || !b || !value || !(a->tensor || b->tensor))
    return importer.fail("it computes with constants alone");
  Held factors = a->tensor && b->tensor
                     ? applyToBoth<graph::MulOp>(importer, *a->tensor, *b->tensor, ".product")
                     : scaled(importer, a->tensor ? *a->tensor : *b->tensor,
                              a->tensor ? b->number : a->number, ".product");
  Held terms = scaled(importer, factors, *value, ".scaled");
  if (!terms.value)
    return failure();
  Held sum =
      x->tensor ? plus(importer, *x->tensor, terms) : shifted(importer, terms, x->number);
  return importer.result(repeated(importer, sum, importer.resultShape()));
}

static constexpr OperationForm elementwiseForms[] = {
    {"aten.relu.default", "self", of<plain<graph::ReluOp>>},
    {"aten.relu_.default", "self", of<plain<graph::ReluOp>>},
    {"aten.silu.default", "self", of<plain<graph::SiluOp>>},
    {"aten.silu_.default", "self", of<plain<graph::SiluOp>>},
    {"aten.exp.default", "self", of<plain<graph::ExpOp>>},
    {"aten.exp_.default", "self", of<plain<graph::ExpOp>>},
    {"aten.log.default", "self", of<plain<graph::LogOp>>},
    {"aten.log_.default", "self", of<plain<graph::LogOp>>},
    {"aten.sqrt.default", "self", of<plain<graph::SqrtOp>>},
    {"aten.sqrt_.default", "self", of<plain<graph::SqrtOp>>},
    {"aten.rsqrt.default", "self", of<plain<graph::RsqrtOp>>},
    {"aten.rsqrt_.default", "self", of<plain<graph::RsqrtOp>>},
    {"aten.tanh.default", "self", of<plain<graph::TanhOp>>},
    {"aten.tanh_.default", "self", of<plain<graph::TanhOp>>},
    {"aten.sigmoid.default", "self", of<plain<graph::SigmoidOp>>},
    {"aten.sigmoid_.default", "self", of<plain<graph::SigmoidOp>>},
    {"aten.erf.default", "self", of<plain<graph::ErfOp>>},
    {"aten.erf_.default", "self", of<plain<graph::ErfOp>>},
    {"aten.abs.default", "self", of<plain<graph::AbsOp>>},
    {"aten.abs_.default", "self", of<plain<graph::AbsOp>>},
    {"aten.sin.default", "self", of<plain<graph::SinOp>>},
    {"aten.sin_.default", "self", of<plain<graph::SinOp>>},
    {"aten.cos.default", "self", of<plain<graph::CosOp>>},
    {"aten.cos_.default", "self", of<plain<graph::CosOp>>},
    {"aten.hardswish.default", "self", of<plain<graph::HardswishOp>>},
    {"aten.hardswish_.default", "self", of<plain<graph::HardswishOp>>},
    {"aten.hardsigmoid.default", "self", of<plain<graph::HardsigmoidOp>>},
    {"aten.hardsigmoid_.default", "self", of<plain<graph::HardsigmoidOp>>},
    {"aten.gelu.default", "self approximate=\"none\"", of<gelu>},
    {"aten.gelu_.default", "self approximate=\"none\"", of<gelu>},
    {"aten.neg.default", "self", of<negative>},
    {"aten.neg_.default", "self", of<negative>},
    {"aten.reciprocal.default", "self", of<fixedPower<-1>>},
    {"aten.reciprocal_.default", "self", of<fixedPower<-1>>},
    {"aten.square.default", "self", of<fixedPower<2>>},
    {"aten.square_.default", "self", of<fixedPower<2>>},
    {"aten.pow.Tensor_Scalar", "self exponent", of<power>},
    {"aten.pow_.Scalar", "self exponent", of<power>},
    {"aten.clamp.default", "self min=null max=null", of<clamp>},
    {"aten.clamp_.default", "self min=null max=null", of<clamp>},
    {"aten.clamp_min.default", "self min", of<clampMin>},
    {"aten.clamp_min_.default", "self min", of<clampMin>},
    {"aten.clamp_max.default", "self max", of<clampMax>},
    {"aten.clamp_max_.default", "self max", of<clampMax>},
    {"aten.hardtanh.default", "self min_val=-1 max_val=1", of<hardtanh>},
    {"aten.hardtanh_.default", "self min_val=-1 max_val=1", of<hardtanh>},
    {"aten.relu6.default", "self", of<relu6>},
    {"aten.relu6_.default", "self", of<relu6>},
    {"aten.leaky_relu.default", "self negative_slope=0.01", of<leakyRelu>},
    {"aten.leaky_relu_.default", "self negative_slope=0.01", of<leakyRelu>},
    {"aten.elu.default", "self alpha=1 scale=1 input_scale=1", of<elu>},
    {"aten.elu_.default", "self alpha=1 scale=1 input_scale=1", of<elu>},
    {"aten.selu.default", "self", of<selu>},
    {"aten.selu_.default", "self", of<selu>},
    {"aten.softplus.default", "self beta=1 threshold=20", of<softplus>},
    {"aten.add.Tensor", "self other alpha=1", sum<1>},
    {"aten.add_.Tensor", "self other alpha=1", sum<1>},
    {"aten.sub.Tensor", "self other alpha=1", sum<-1>},
    {"aten.sub_.Tensor", "self other alpha=1", sum<-1>},
    {"aten.rsub.Tensor", "self other alpha=1", reversed},
    {"aten.mul.Tensor", "self other", product},
    {"aten.mul_.Tensor", "self other", product},
    {"aten.div.Tensor", "self other", quotient},
    {"aten.div_.Tensor", "self other", quotient},
    {"aten.add.Scalar", "self other alpha=1", sum<1>},
    {"aten.add_.Scalar", "self other alpha=1", sum<1>},
    {"aten.sub.Scalar", "self other alpha=1", sum<-1>},
    {"aten.sub_.Scalar", "self other alpha=1", sum<-1>},
    {"aten.rsub.Scalar", "self other alpha=1", reversed},
    {"aten.mul.Scalar", "self other", product},
    {"aten.mul_.Scalar", "self other", product},
    {"aten.div.Scalar", "self other", quotient},
    {"aten.div_.Scalar", "self other", quotient},
    {"aten.maximum.default", "self other", extreme<graph::MaximumOp, true>},
    {"aten.minimum.default", "self other", extreme<graph::MinimumOp, false>},
    {"aten.addcmul.default", "self tensor1 tensor2 value=1", addcmul},
    {"aten.addcmul_.default", "self tensor1 tensor2 value=1", addcmul},
};

ArrayRef<OperationForm> elementwiseOperations() { return elementwiseForms; }

} // namespace autopar::pt2
