// GELU and its gradient in both forms against the C library's erf and tanh, over all the range
// in which they bend.
#include "Random.h"
#include "Tensor.h"

#include <numbers>

using namespace autopar::conformance;

namespace {

double gelu(double x, bool tanh) {
  const double u = std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
  return tanh ? 0.5 * x * (1 + std::tanh(u)) : 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
}

/// By central differences, whose error is below 1e-9.
double slope(double x, bool tanh) {
  const double h = 1e-5;
  return (gelu(x + h, tanh) - gelu(x - h, tanh)) / (2 * h);
}

class GeluForms : public testing::TestWithParam<bool> {};

TEST_P(GeluForms, equalTheirDefinition) {
  const bool tanh = GetParam();
  std::vector<float> x;
  for (double value = -12; value <= 12; value += 0.00037)
    x.push_back(static_cast<float>(value));
  const auto count = static_cast<int64_t>(x.size());
  const auto dy = Random(4).normal(x.size());
  std::vector<double> y, dx;
  for (int64_t i = 0; i < count; ++i) {
    y.push_back(gelu(x[i], tanh));
    dx.push_back(dy[i] * slope(x[i], tanh));
  }
  const Tensor inPlace(x), overDy(dy), overX(x);
  Tensor<float> actualY(count), actualDx(count);
  run(Gelu{count, tanh}, Tensor(x), actualY);
  run(Gelu{count, tanh}, inPlace, inPlace);
  run(GeluGrad{count, tanh}, Tensor(dy), Tensor(x), actualDx);
  run(GeluGrad{count, tanh}, overDy, Tensor(x), overDy);
  run(GeluGrad{count, tanh}, Tensor(dy), overX, overX);
  expectClose(actualY, y, 2e-7);
  // 1 - Φ cancels where Φ is nearly 1, and a device's exponential is off by up to 2 ulp.
  expectClose(actualDx, dx, 2e-6);
  EXPECT_EQ(inPlace.values(), actualY.values());
  EXPECT_EQ(overDy.values(), actualDx.values());
  EXPECT_EQ(overX.values(), actualDx.values());
}

INSTANTIATE_TEST_SUITE_P(Both, GeluForms, testing::Bool());

TEST(Gelu, ofLargeNumbersIsTheReluOfThem) {
  const Tensor x(std::vector<float>{1e6f, -1e6f, 1e30f, -1e30f});
  for (bool tanh : {false, true}) {
    Tensor<float> y(4);
    run(Gelu{4, tanh}, x, y);
    EXPECT_EQ(y.values(), (std::vector<float>{1e6f, 0, 1e30f, 0}));
  }
}

} // namespace
