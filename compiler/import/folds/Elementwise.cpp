// Constants computed of constants element by element.
#include "compiler/import/folds/Folds.h"

#include <cmath>

using namespace llvm;

namespace autopar::pt2 {

using Unary = double (*)(double);

template <Unary function>
static std::optional<Constant> unary(Importer &importer, const Arguments &arguments,
                                     const TensorFacts &result) {
  auto x = importer.least(arguments.tensor("self"));
  if (!x)
    return std::nullopt;
  return filledLike(result, x,
                    [&](ArrayRef<int64_t> index) { return function(repeatedAt(*x, index)); });
}

static double negative(double x) { return -x; }
static double reciprocal(double x) { return 1 / x; }
static double inverseRoot(double x) { return 1 / std::sqrt(x); }
static double squared(double x) { return x * x; }
static double isNot(double x) { return x == 0; }
static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
static double sign(double x) { return double(x > 0) - double(x < 0); }

/// Either operand may be a number.
struct Operands {
  std::shared_ptr<const Constant> x, y;
  double left = 0, right = 0;

  static std::optional<Operands> of(Importer &importer, const Arguments &arguments,
                                    StringRef self, StringRef other) {
    Operands both;
    auto read = [&](StringRef name, std::shared_ptr<const Constant> &tensor, double &number) {
      if (std::optional<double> given = arguments.number(name)) {
        number = *given;
        return true;
      }
      StringRef from = arguments.tensor(name);
      tensor = from.empty() ? nullptr : importer.least(from);
      return bool(tensor);
    };
    if (!read(self, both.x, both.left) || !read(other, both.y, both.right))
      return std::nullopt;
    return both;
  }

  double leftAt(ArrayRef<int64_t> index) const { return x ? repeatedAt(*x, index) : left; }
  double rightAt(ArrayRef<int64_t> index) const { return y ? repeatedAt(*y, index) : right; }
};

template <typename Operator>
static std::optional<Constant> binary(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto both = Operands::of(importer, arguments, "self", "other");
  if (!both)
    return std::nullopt;
  return filledLike(result, {both->x, both->y}, [&](ArrayRef<int64_t> index) {
    return double(Operator()(both->leftAt(index), both->rightAt(index)));
  });
}

template <typename Operator>
static std::optional<Constant> scaledBinary(Importer &importer, const Arguments &arguments,
                                            const TensorFacts &result) {
  return arguments.number("alpha") == 1 ? binary<Operator>(importer, arguments, result)
                                        : std::nullopt;
}

template <const char *self, const char *other>
static std::optional<Constant> power(Importer &importer, const Arguments &arguments,
                                     const TensorFacts &result) {
  auto both = Operands::of(importer, arguments, self, other);
  if (!both)
    return std::nullopt;
  return filledLike(result, {both->x, both->y}, [&](ArrayRef<int64_t> index) {
    return std::pow(both->leftAt(index), both->rightAt(index));
  });
}
static constexpr char selfName[] = "self", exponentName[] = "exponent";

static std::optional<Constant> quotient(Importer &importer, const Arguments &arguments,
                                        const TensorFacts &result) {
  auto both = Operands::of(importer, arguments, "self", "other");
  StringRef mode = arguments.text("rounding_mode");
  if (!both)
    return std::nullopt;
  return filledLike(result, {both->x, both->y}, [&](ArrayRef<int64_t> index) {
    double exact = both->leftAt(index) / both->rightAt(index);
    return mode == "floor" ? std::floor(exact) : mode == "trunc" ? std::trunc(exact) : exact;
  });
}

static std::optional<Constant> clamp(Importer &importer, const Arguments &arguments,
                                     const TensorFacts &result) {
  auto x = importer.least(arguments.tensor("self"));
  if (!x)
    return std::nullopt;
  double low = arguments.number("min").value_or(-INFINITY);
  double high = arguments.number("max").value_or(INFINITY);
  return filledLike(result, x, [&](ArrayRef<int64_t> index) {
    return std::min(std::max(repeatedAt(*x, index), low), high);
  });
}

namespace {
struct FloorQuotient {
  double operator()(double x, double y) const { return std::floor(x / y); }
};
struct Quotient {
  double operator()(double x, double y) const { return x / y; }
};
struct Remainder { ///< of the divisor's sign
  double operator()(double x, double y) const { return x - y * std::floor(x / y); }
};
struct Larger {
  double operator()(double x, double y) const { return std::max(x, y); }
};
struct Smaller {
  double operator()(double x, double y) const { return std::min(x, y); }
};
struct Reversed {
  double operator()(double x, double y) const { return y - x; }
};
struct Both {
  bool operator()(double x, double y) const { return x != 0 && y != 0; }
};
struct Either {
  bool operator()(double x, double y) const { return x != 0 || y != 0; }
};
struct OneOf {
  bool operator()(double x, double y) const { return (x != 0) != (y != 0); }
};
} // namespace

/// Of booleans alone: bits of numbers are another thing.
template <typename Operator>
static std::optional<Constant> logical(Importer &importer, const Arguments &arguments,
                                       const TensorFacts &result) {
  return result.type == ScalarType::Bool ? binary<Operator>(importer, arguments, result)
                                         : std::nullopt;
}
static std::optional<Constant> logicalNot(Importer &importer, const Arguments &arguments,
                                          const TensorFacts &result) {
  return result.type == ScalarType::Bool ? unary<isNot>(importer, arguments, result)
                                         : std::nullopt;
}

static std::optional<Constant> where(Importer &importer, const Arguments &arguments,
                                     const TensorFacts &result) {
  auto condition = importer.least(arguments.tensor("condition"));
  auto both = Operands::of(importer, arguments, "self", "other");
  if (!condition || !both)
    return std::nullopt;
  return filledLike(result, {condition, both->x, both->y}, [&](ArrayRef<int64_t> index) {
    return repeatedAt(*condition, index) != 0 ? both->leftAt(index) : both->rightAt(index);
  });
}

static std::optional<Constant> maskedFill(Importer &importer, const Arguments &arguments,
                                          const TensorFacts &result) {
  auto mask = importer.least(arguments.tensor("mask"));
  auto both = Operands::of(importer, arguments, "self", "value");
  if (!mask || !both)
    return std::nullopt;
  return filledLike(result, {mask, both->x, both->y}, [&](ArrayRef<int64_t> index) {
    return repeatedAt(*mask, index) != 0 ? both->rightAt(index) : both->leftAt(index);
  });
}

/// What is copied takes the place of what was there.
static std::optional<Constant> copied(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto from = importer.least(arguments.tensor("src"));
  if (!from)
    return std::nullopt;
  return filledLike(result, from, [&](ArrayRef<int64_t> index) {
    return as(result.type, repeatedAt(*from, index));
  });
}

#define BOTH(name, function)                                                                   \
  {"aten." name ".Tensor", "self other", function}, {                                          \
    "aten." name ".Scalar", "self other", function                                             \
  }
static constexpr FoldForm elementwiseForms[] = {
    {"aten.neg.default", "self", unary<negative>},
    {"aten.abs.default", "self", unary<std::fabs>},
    {"aten.exp.default", "self", unary<std::exp>},
    {"aten.exp2.default", "self", unary<std::exp2>},
    {"aten.log.default", "self", unary<std::log>},
    {"aten.log2.default", "self", unary<std::log2>},
    {"aten.sqrt.default", "self", unary<std::sqrt>},
    {"aten.rsqrt.default", "self", unary<inverseRoot>},
    {"aten.square.default", "self", unary<squared>},
    {"aten.reciprocal.default", "self", unary<reciprocal>},
    {"aten.sin.default", "self", unary<std::sin>},
    {"aten.cos.default", "self", unary<std::cos>},
    {"aten.tanh.default", "self", unary<std::tanh>},
    {"aten.sigmoid.default", "self", unary<sigmoid>},
    {"aten.floor.default", "self", unary<std::floor>},
    {"aten.ceil.default", "self", unary<std::ceil>},
    {"aten.round.default", "self", unary<std::nearbyint>},
    {"aten.trunc.default", "self", unary<std::trunc>},
    {"aten.sign.default", "self", unary<sign>},
    {"aten.logical_not.default", "self", logicalNot},
    {"aten.bitwise_not.default", "self", logicalNot},
    BOTH("eq", binary<std::equal_to<>>),
    BOTH("ne", binary<std::not_equal_to<>>),
    BOTH("lt", binary<std::less<>>),
    BOTH("le", binary<std::less_equal<>>),
    BOTH("gt", binary<std::greater<>>),
    BOTH("ge", binary<std::greater_equal<>>),
    {"aten.add.Tensor", "self other alpha=1", scaledBinary<std::plus<>>},
    {"aten.add_.Tensor", "self other alpha=1", scaledBinary<std::plus<>>},
    {"aten.sub.Tensor", "self other alpha=1", scaledBinary<std::minus<>>},
    {"aten.sub_.Tensor", "self other alpha=1", scaledBinary<std::minus<>>},
    {"aten.rsub.Scalar", "self other alpha=1", scaledBinary<Reversed>},
    {"aten.mul_.Tensor", "self other", binary<std::multiplies<>>},
    BOTH("mul", binary<std::multiplies<>>),
    BOTH("div", binary<Quotient>),
    {"aten.div.Tensor_mode", "self other rounding_mode=null", quotient},
    {"aten.div.Scalar_mode", "self other rounding_mode=null", quotient},
    {"aten.floor_divide.default", "self other", binary<FloorQuotient>},
    BOTH("remainder", binary<Remainder>),
    {"aten.maximum.default", "self other", binary<Larger>},
    {"aten.minimum.default", "self other", binary<Smaller>},
    {"aten.max.other", "self other", binary<Larger>},
    {"aten.min.other", "self other", binary<Smaller>},
    {"aten.pow.Tensor_Scalar", "self exponent", power<selfName, exponentName>},
    {"aten.pow.Tensor_Tensor", "self exponent", power<selfName, exponentName>},
    {"aten.pow.Scalar", "self exponent", power<selfName, exponentName>},
    {"aten.clamp.default", "self min=null max=null", clamp},
    {"aten.logical_and.default", "self other", logical<Both>},
    {"aten.logical_or.default", "self other", logical<Either>},
    {"aten.logical_xor.default", "self other", logical<OneOf>},
    BOTH("bitwise_and", logical<Both>),
    BOTH("bitwise_or", logical<Either>),
    {"aten.__and__.Tensor", "self other", logical<Both>},
    {"aten.__or__.Tensor", "self other", logical<Either>},
    {"aten.where.self", "condition self other", where},
    {"aten.where.ScalarOther", "condition self other", where},
    {"aten.where.ScalarSelf", "condition self other", where},
    {"aten.where.Scalar", "condition self other", where},
    {"aten.masked_fill.Scalar", "self mask value", maskedFill},
    {"aten.masked_fill.Tensor", "self mask value", maskedFill},
    {"aten.masked_fill_.Scalar", "self mask value", maskedFill},
    {"aten.copy_.default", "self src non_blocking=false", copied},
};
#undef BOTH

ArrayRef<FoldForm> elementwiseFolds() { return elementwiseForms; }

} // namespace autopar::pt2
