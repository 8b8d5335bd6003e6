// Element by element: exactly what the definition says, in place and not, at lengths that no
// vector divides.
#include "Random.h"
#include "Tensor.h"

#include <limits>

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

} // namespace
