// Element by element: exactly what the definition says, in place and not, at lengths that no
// vector divides.
#include "Random.h"
#include "Tensor.h"

#include <limits>
#include <numbers>

using namespace autopar::conformance;

namespace {

class Elementwise : public testing::TestWithParam<int64_t> {
protected:
  const int64_t count = GetParam();
  Random random{11};
  const std::vector<float> a = random.normal(count), b = random.normal(count);

  template <class Element> std::vector<float> expected(Element element) const {
    std::vector<float> values(count);
    for (int64_t i = 0; i < count; ++i)
      values[i] = element(a[i], b[i]);
    return values;
  }
};

INSTANTIATE_TEST_SUITE_P(Counts, Elementwise, testing::Values(1, 15, 16, 1000, 16385, 100003));

TEST_P(Elementwise, relu) {
  const auto y = expected([](float x, float) { return std::max(x, 0.0f); });
  const Tensor inPlace(a);
  Tensor<float> result(count);
  run(Relu{count}, Tensor(a), result);
  run(Relu{count}, inPlace, inPlace);
  EXPECT_EQ(result.values(), y);
  EXPECT_EQ(inPlace.values(), y);
}

TEST_P(Elementwise, reluGrad) {
  const auto dx = expected([](float dy, float y) { return y > 0 ? dy : 0; });
  const Tensor inPlace(a);
  Tensor<float> result(count);
  run(ReluGrad{count}, Tensor(a), Tensor(b), result);
  run(ReluGrad{count}, inPlace, Tensor(b), inPlace);
  EXPECT_EQ(result.values(), dx);
  EXPECT_EQ(inPlace.values(), dx);
}

// Against the definition in double precision: these have an exponential in them.
TEST_P(Elementwise, silu) {
  std::vector<double> y, dx;
  for (int64_t i = 0; i < count; ++i) {
    const double x = 4 * b[i], sigmoid = 1 / (1 + std::exp(-x));
    y.push_back(x * sigmoid);
    dx.push_back(a[i] * (sigmoid + x * sigmoid * (1 - sigmoid)));
  }
  std::vector<float> x(b);
  for (float &value : x)
    value *= 4;
  Tensor<float> actualY(count), actualDx(count);
  const Tensor inPlace(x), overDy(a), overX(x);
  run(Silu{count}, Tensor(x), actualY);
  run(Silu{count}, inPlace, inPlace);
  run(SiluGrad{count}, Tensor(a), Tensor(x), actualDx);
  run(SiluGrad{count}, overDy, Tensor(x), overDy);
  run(SiluGrad{count}, Tensor(a), overX, overX);
  expectClose(actualY, y, 1e-6, 1);
  expectClose(actualDx, dx, 1e-6, 1);
  EXPECT_EQ(inPlace.values(), actualY.values());
  EXPECT_EQ(overDy.values(), actualDx.values());
  EXPECT_EQ(overX.values(), actualDx.values());
}

// Where e^-x overflows, nothing is left of x; where it vanishes, all.
TEST(Silu, ofLargeNumbersIsTheReluOfThem) {
  const Tensor x(std::vector<float>{-1e6f, -200, 200, 1e6f}), dy(std::vector<float>(4, 3));
  Tensor<float> y(4), dx(4);
  run(Silu{4}, x, y);
  run(SiluGrad{4}, dy, x, dx);
  EXPECT_EQ(y.values(), std::vector<float>({0, 0, 200, 1e6f}));
  EXPECT_EQ(dx.values(), std::vector<float>({0, 0, 3, 3}));
}

TEST_P(Elementwise, add) {
  const auto sum = expected([](float x, float y) { return x + y; });
  const Tensor left(a), right(b);
  Tensor<float> result(count);
  run(Add{count}, left, right, result);
  EXPECT_EQ(result.values(), sum);
  run(Add{count}, left, right, left);
  EXPECT_EQ(left.values(), sum);
  run(Add{count}, Tensor(a), right, right);
  EXPECT_EQ(right.values(), sum);
}

TEST_P(Elementwise, scale) {
  const auto scaled = expected([](float x, float) { return 0.3f * x; });
  const Tensor inPlace(a);
  run(Scale{count, 0.3f}, inPlace, inPlace);
  EXPECT_EQ(inPlace.values(), scaled);
}

TEST_P(Elementwise, fill) {
  const Tensor written(a);
  run(Fill{count, 0.3f}, written);
  EXPECT_EQ(written.values(), std::vector<float>(count, 0.3f));
}

TEST_P(Elementwise, zeros) {
  const Tensor written(a);
  run(Zeros{count}, written);
  EXPECT_EQ(written.values(), std::vector<float>(count));
}

// A loss that is not a number is to be noticed, not clipped to 0 on its way.
TEST(Relu, keepsNaN) {
  const Tensor x(std::vector<float>(40, std::numeric_limits<float>::quiet_NaN()));
  Tensor<float> y(40);
  run(Relu{40}, x, y);
  for (float value : y.values())
    EXPECT_TRUE(std::isnan(value));
}

//===- the list, in double precision ------------------------------------------------------===//

/// A call of one operand, or of two, beside what it is to compute of them.
struct Function {
  const char *name;
  double least, most; ///< of its last operand
  double tolerance;   ///< relative, and below `absolute` of no matter
  double absolute;
  void (*call)(int64_t count, const Tensor<float> &a, const Tensor<float> &b,
               const Tensor<float> &y);
  double (*value)(double a, double b);
};

// Parameters that f32 has exactly.
#define UNARY(Name, ...)                                                                       \
  [](int64_t count, const Tensor<float> &, const Tensor<float> &x, const Tensor<float> &y) {   \
    run(Name{count __VA_OPT__(, ) __VA_ARGS__}, x, y);                                         \
  }
#define BINARY(Name, ...)                                                                      \
  [](int64_t count, const Tensor<float> &a, const Tensor<float> &b, const Tensor<float> &y) {  \
    run(Name{count __VA_OPT__(, ) __VA_ARGS__}, a, b, y);                                      \
  }
#define OF(expression) [](double a, double x) -> double { (void)a, (void)x; return expression; }
constexpr double ulp = 0x1p-23;
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

const Function functions[] = {
    {"Exp", -80, 80, 2 * ulp, 0, UNARY(Exp), OF(std::exp(x))},
    {"Log", 1e-6, 100, 2 * ulp, 0, UNARY(Log), OF(std::log(x))},
    {"Sin", -30, 30, 2 * ulp, 1e-7, UNARY(Sin), OF(std::sin(x))},
    {"Cos", -30, 30, 2 * ulp, 1e-7, UNARY(Cos), OF(std::cos(x))},
    {"Sqrt", 0, 1e3, 2 * ulp, 0, UNARY(Sqrt), OF(std::sqrt(x))},
    {"SqrtGrad", 1e-3, 10, 2 * ulp, 0, BINARY(SqrtGrad), OF(a / (2 * x))},
    {"Rsqrt", 1e-6, 1e3, 2 * ulp, 0, UNARY(Rsqrt), OF(1 / std::sqrt(x))},
    {"RsqrtGrad", 1e-3, 10, 3 * ulp, 0, BINARY(RsqrtGrad), OF(-0.5 * a * x * x * x)},
    {"Tanh", -12, 12, 2 * ulp, 0, UNARY(Tanh), OF(std::tanh(x))},
    {"TanhGrad", -1, 1, 2 * ulp, 2e-7, BINARY(TanhGrad), OF(a * (1 - x * x))},
    {"Sigmoid", -80, 80, 4 * ulp, 0, UNARY(Sigmoid), OF(sigmoid(x))},
    {"SigmoidGrad", 0, 1, 3 * ulp, 0, BINARY(SigmoidGrad), OF(a * x * (1 - x))},
    {"Erf", -6, 6, 2 * ulp, 0, UNARY(Erf), OF(std::erf(x))},
    {"ErfGrad", -3, 3, 8 * ulp, 0, BINARY(ErfGrad),
     OF(a * 2 / std::sqrt(std::numbers::pi) * std::exp(-x * x))},
    {"Abs", -3, 3, 0, 0, UNARY(Abs), OF(std::abs(x))},
    {"AbsGrad", -3, 3, 0, 0, BINARY(AbsGrad), OF(x > 0 ? a : x < 0 ? -a : 0)},
    {"Softplus", -80, 40, 4 * ulp, 0, UNARY(Softplus), OF(std::log1p(std::exp(x)))},
    {"SoftplusGrad", -80, 40, 4 * ulp, 0, BINARY(SoftplusGrad), OF(a * sigmoid(x))},
    {"Hardswish", -8, 8, 4 * ulp, 0, UNARY(Hardswish),
     OF(x * std::clamp(x + 3, 0.0, 6.0) / 6)},
    {"HardswishGrad", -8, 8, 4 * ulp, 4e-7, BINARY(HardswishGrad),
     OF(x < -3 ? 0 : x > 3 ? a : a * (x / 3 + 0.5))},
    {"Hardsigmoid", -8, 8, 4 * ulp, 0, UNARY(Hardsigmoid),
     OF(std::clamp(x + 3, 0.0, 6.0) / 6)},
    {"HardsigmoidGrad", -8, 8, 2 * ulp, 0, BINARY(HardsigmoidGrad),
     OF(std::abs(x) < 3 ? a / 6 : 0)},
    {"Shift", -3, 3, ulp, 0, UNARY(Shift, 0.25f), OF(x + 0.25)},
    {"Square", -3, 3, ulp, 0, UNARY(Power, 2), OF(x * x)},
    {"SquareGrad", -3, 3, ulp, 0, BINARY(PowerGrad, 2), OF(2 * a * x)},
    {"Cube", -3, 3, 2 * ulp, 0, UNARY(Power, 3), OF(x * x * x)},
    {"CubeGrad", -3, 3, 3 * ulp, 0, BINARY(PowerGrad, 3), OF(3 * a * x * x)},
    {"Power", 1e-2, 10, 4 * ulp, 0, UNARY(Power, -1.75f), OF(std::pow(x, -1.75))},
    {"PowerGrad", 1e-2, 10, 6 * ulp, 0, BINARY(PowerGrad, -1.75f),
     OF(a * -1.75 * std::pow(x, -2.75))},
    {"FourthGrad", -3, 3, 6 * ulp, 0, BINARY(PowerGrad, 4), OF(4 * a * x * x * x)},
    {"NoPowerGrad", -3, 3, 0, 0, BINARY(PowerGrad, 0), OF(0)},
    {"Clamp", -8, 8, 0, 0, UNARY(Clamp, -0.5f, 6), OF(std::clamp(x, -0.5, 6.0))},
    {"ClampGrad", -8, 8, 0, 0, BINARY(ClampGrad, -0.5f, 6), OF(x > -0.5 && x < 6 ? a : 0)},
    {"LeakyRelu", -3, 3, ulp, 0, UNARY(LeakyRelu, 0.125f), OF(x > 0 ? x : x / 8)},
    {"LeakyReluGrad", -3, 3, ulp, 0, BINARY(LeakyReluGrad, 0.125f), OF(x > 0 ? a : a / 8)},
    {"Elu", -10, 3, 2 * ulp, 0, UNARY(Elu, 1.25f), OF(x > 0 ? x : 1.25 * std::expm1(x))},
    {"EluGrad", -10, 3, 4 * ulp, 0, BINARY(EluGrad, 1.25f),
     OF(x > 0 ? a : 1.25 * std::exp(x) * a)},
    {"Sub", -3, 3, ulp, 0, BINARY(Sub), OF(a - x)},
    {"Mul", -3, 3, ulp, 0, BINARY(Mul), OF(a * x)},
    {"Div", 0.1, 3, ulp, 0, BINARY(Div), OF(a / x)},
    {"Maximum", -3, 3, 0, 0, BINARY(Maximum), OF(std::max(a, x))},
    {"Minimum", -3, 3, 0, 0, BINARY(Minimum), OF(std::min(a, x))},
    {"Greater", -3, 3, 0, 0, BINARY(Greater), OF(a > x)},
    {"Equal", -3, 3, 0, 0, BINARY(Equal), OF(a == x)},
};
#undef UNARY
#undef BINARY
#undef OF

class Functions : public testing::TestWithParam<Function> {};

TEST_P(Functions, equalTheirDefinitions) {
  const Function &function = GetParam();
  const int64_t count = 20011;
  const std::vector<float> a = Random(5).normal(count);
  std::vector<float> b;
  for (int64_t i = 0; i < count; ++i)
    b.push_back(static_cast<float>(function.least + (function.most - function.least) *
                                                        static_cast<double>(i) / (count - 1)));
  Tensor<float> y(count);
  const Tensor overA(a), overB(b);
  function.call(count, Tensor(a), Tensor(b), y);
  function.call(count, overA, Tensor(b), overA);
  function.call(count, Tensor(a), overB, overB);
  const std::vector<float> values = y.values();
  for (int64_t i = 0; i < count; ++i) {
    const double expected = function.value(a[i], b[i]);
    ASSERT_LE(std::abs(values[i] - expected),
              function.tolerance * std::abs(expected) + function.absolute)
        << "of " << a[i] << " and " << b[i] << ": " << values[i] << ", expected " << expected;
  }
  EXPECT_EQ(overA.values(), values);
  EXPECT_EQ(overB.values(), values);
}

INSTANTIATE_TEST_SUITE_P(Of, Functions, testing::ValuesIn(functions),
                         [](const auto &info) { return std::string(info.param.name); });

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

template <class Call, class... Operands>
std::vector<float> resultsOf(Call call, const std::vector<float> &first,
                             const Operands &...others) {
  call.count = static_cast<int64_t>(first.size());
  Tensor<float> y(first.size());
  run(call, Tensor(first), Tensor(others)..., y);
  return y.values();
}

// Where a function bends, PyTorch's slope.
TEST(Functions, areAtTheirEdgesAsPyTorchHasThem) {
  using Values = std::vector<float>;
  const Values ones = {1, 1, 1};
  EXPECT_EQ(resultsOf(SqrtGrad{}, Values{1}, Values{0}), Values{infinity});
  EXPECT_EQ(resultsOf(AbsGrad{}, ones, Values{-2, 0, 2}), Values({-1, 0, 1}));
  EXPECT_EQ(resultsOf(ClampGrad{0, 0, 6}, ones, Values{0, 3, 6}), Values({0, 1, 0}));
  EXPECT_EQ(resultsOf(HardswishGrad{}, ones, Values{-3, 0, 3}), Values({0, 0.5f, 1}));
  EXPECT_EQ(resultsOf(HardsigmoidGrad{}, Values{6, 6, 6}, Values{-3, 0, 3}),
            Values({0, 1, 0}));
  EXPECT_EQ(resultsOf(LeakyReluGrad{0, 0.5f}, Values{1}, Values{0}), Values{0.5f});
  EXPECT_EQ(resultsOf(EluGrad{0, 1}, Values{1}, Values{0}), Values{1});
  EXPECT_EQ(resultsOf(PowerGrad{0, 2}, Values{1}, Values{0}), Values{0});
  EXPECT_EQ(resultsOf(PowerGrad{0, 1}, Values{1}, Values{0}), Values{1});
  EXPECT_EQ(resultsOf(PowerGrad{0, 0.5f}, Values{1}, Values{0}), Values{infinity});
  EXPECT_EQ(resultsOf(Greater{}, Values{1, 2, 3}, Values{2, 2, 2}), Values({0, 0.5f, 1}));
  EXPECT_EQ(resultsOf(Tanh{}, Values{-100, 0, 100}), Values({-1, 0, 1}));
  EXPECT_EQ(resultsOf(Softplus{}, Values{-200, 200}), Values({0, 200}));
}

TEST(Functions, keepNaN) {
  const std::vector<float> x(40, nan), one(40, 1);
  for (const std::vector<float> &values :
       {resultsOf(Exp{}, x), resultsOf(Tanh{}, x), resultsOf(Sigmoid{}, x),
        resultsOf(Softplus{}, x), resultsOf(Hardswish{}, x), resultsOf(Hardsigmoid{}, x),
        resultsOf(Clamp{0, 0, 6}, x), resultsOf(LeakyRelu{0, 0.5f}, x), resultsOf(Elu{0, 1}, x),
        resultsOf(Power{0, 2}, x), resultsOf(Maximum{}, x, one), resultsOf(Maximum{}, one, x),
        resultsOf(Minimum{}, x, one), resultsOf(Minimum{}, one, x)})
    for (float value : values)
      ASSERT_TRUE(std::isnan(value));
}

} // namespace
