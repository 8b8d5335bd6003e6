// Functions of an element, and what dimensions come to. See Functions.h.
#include "test/unit/programs/Functions.h"

#include "test/unit/programs/Rearrangement.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace autopar {

static double logistic(double x) { return 1 / (1 + std::exp(-x)); }

#define OF(expression) [](double a, double x, Parameter p) -> double {                         \
    (void)a, (void)p;                                                                          \
    return expression;                                                                         \
  }
const llvm::StringMap<ElementFunction> &elementFunctions() {
  static const llvm::StringMap<ElementFunction> all = {
      {"Relu", OF(std::max(x, 0.0))},
      {"ReluGrad", OF(x > 0 ? a : 0)},
      {"Silu", OF(x * logistic(x))},
      {"SiluGrad", OF(a * logistic(x) * (1 + x * (1 - logistic(x))))},
      {"Exp", OF(std::exp(x))},
      {"Log", OF(std::log(x))},
      {"Sin", OF(std::sin(x))},
      {"Cos", OF(std::cos(x))},
      {"Sqrt", OF(std::sqrt(x))},
      {"SqrtGrad", OF(a / (2 * x))},
      {"Rsqrt", OF(1 / std::sqrt(x))},
      {"RsqrtGrad", OF(-a * x * x * x / 2)},
      {"Tanh", OF(std::tanh(x))},
      {"TanhGrad", OF(a * (1 - x * x))},
      {"Sigmoid", OF(logistic(x))},
      {"SigmoidGrad", OF(a * x * (1 - x))},
      {"Erf", OF(std::erf(x))},
      {"ErfGrad", OF(a * 2 * std::numbers::inv_sqrtpi * std::exp(-x * x))},
      {"Abs", OF(std::abs(x))},
      {"AbsGrad", OF(x > 0 ? a : x < 0 ? -a : 0)},
      {"Softplus", OF(x > 20 ? x : std::log1p(std::exp(x)))},
      {"SoftplusGrad", OF(x > 20 ? a : a * logistic(x))},
      {"Hardswish", OF(x * std::clamp(x + 3, 0.0, 6.0) / 6)},
      {"HardswishGrad", OF(x <= -3 ? 0 : x >= 3 ? a : a * (x / 3 + 0.5))},
      {"Hardsigmoid", OF(std::clamp(x + 3, 0.0, 6.0) / 6)},
      {"HardsigmoidGrad", OF(std::abs(x) < 3 ? a / 6 : 0)},
      {"Scale", OF(p("factor") * x)},
      {"Shift", OF(x + p("term"))},
      {"Power", OF(std::pow(x, p("exponent")))},
      {"PowerGrad", OF(a * p("exponent") * std::pow(x, p("exponent") - 1))},
      {"Clamp", OF(std::clamp(x, p("low"), p("high")))},
      {"ClampGrad", OF(x > p("low") && x < p("high") ? a : 0)},
      {"LeakyRelu", OF(x > 0 ? x : p("slope") * x)},
      {"LeakyReluGrad", OF(x > 0 ? a : p("slope") * a)},
      {"Elu", OF(x > 0 ? x : p("alpha") * std::expm1(x))},
      {"EluGrad", OF(x > 0 ? a : p("alpha") * std::exp(x) * a)},
      {"Sub", OF(a - x)},
      {"Mul", OF(a * x)},
      {"Div", OF(a / x)},
      {"Maximum", OF(std::max(a, x))},
      {"Minimum", OF(std::min(a, x))},
      {"Greater", OF(a > x ? 1 : a == x ? 0.5 : 0)},
      {"Equal", OF(a == x)},
  };
  return all;
}
#undef OF

Tensor applied(ElementFunction function, llvm::ArrayRef<Tensor> operands, Parameter parameter) {
  Tensor result = operands.back();
  for (int64_t i = 0; i < result.size(); ++i)
    result[i] = function(operands.front()[i], operands.back()[i], parameter);
  return result;
}

/// Where in a tensor of `shape`, of whose sizes some are 1, element i of `whole` belongs.
static int64_t placeIn(Shape shape, int64_t i, Shape whole) {
  llvm::SmallVector<int64_t> index = indexOf(i, whole);
  for (auto [at, size] : llvm::zip_equal(index, shape))
    at = size == 1 ? 0 : at;
  return offsetOf(index, shape);
}

template <typename Join>
static Tensor reduced(const Tensor &x, Shape dims, double start, Join join) {
  llvm::SmallVector<int64_t> shape(x.shape);
  for (int64_t dim : dims)
    shape[dim] = 1;
  Tensor result(shape, start);
  for (int64_t i = 0; i < x.size(); ++i) {
    double &joined = result[placeIn(shape, i, x.shape)];
    joined = join(joined, x[i]);
  }
  return result;
}
Tensor sumOver(const Tensor &x, Shape dims) { return reduced(x, dims, 0, std::plus<>()); }
Tensor largestOver(const Tensor &x, Shape dims) {
  return reduced(x, dims, -INFINITY, [](double a, double b) { return std::max(a, b); });
}

Tensor expanded(const Tensor &x, Shape shape) {
  Tensor result(shape);
  for (int64_t i = 0; i < result.size(); ++i)
    result[i] = x[placeIn(x.shape, i, shape)];
  return result;
}

} // namespace autopar
