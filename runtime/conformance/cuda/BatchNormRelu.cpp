// The gradient of relu(batch norm) whose mask is computed again against the definition, with
// the mask that BatchNormApply's result is; and that of relu(batch norm + residual), whose
// gradient is a sum.
#include "BatchNormReference.h"
#include "NarrowOperands.h"

using namespace autopar;
using namespace autopar::conformance;

namespace {

template <class T> class BatchNormRelu : public testing::Test {};

using Types = testing::Types<float, bf16, f16>;
TYPED_TEST_SUITE(BatchNormRelu, Types);

TYPED_TEST(BatchNormRelu, gradientsEqualTheirDefinition) {
  using T = TypeParam;
  constexpr double epsilon = BatchNormReference::epsilon;
  Random random(5);
  for (const auto &[rows, channels] :
       {std::pair<int64_t, int64_t>{2, 1}, {77, 3}, {8200, 16}, {333, 33}, {130, 1024}}) {
    SCOPED_TRACE(testing::Message() << rows << "x" << channels);
    BatchNormReference reference(rows, channels, random);
    reference.x = rounded<T>(reference.x);
    reference.dy = rounded<T>(reference.dy);
    reference.measure();
    const Tensor x = narrow<T>(reference.x), dy = narrow<T>(reference.dy);
    const Tensor stats(reference.stats());
    const Tensor gamma(reference.gamma), beta(reference.beta);

    Tensor<T> y(x.values().size());
    run(BatchNormApply{rows, channels, rows, epsilon, /*relu=*/true}, x, stats, gamma, beta, y);
    const std::vector<float> mask = widen(y);

    Tensor<double> sums(2 * channels);
    run(BatchNormReluGradSums{rows, channels, rows, epsilon}, x, stats, gamma, beta, dy, sums);
    expectClose(sums, reference.gradSums(mask), 1e-5, 1);

    // In f32 it is the arithmetic that is off by more than the rounding of what is stored.
    const double tolerance = std::max(1e-5, 2 * unit<T>);
    const BatchNormReluGradInput gradInput{rows, channels, rows, epsilon};
    const Tensor overDy = narrow<T>(reference.dy), overX = narrow<T>(reference.x);
    Tensor<T> dx(x.values().size());
    run(gradInput, x, stats, gamma, beta, sums, dy, dx);
    run(gradInput, x, stats, gamma, beta, sums, overDy, overDy);
    run(gradInput, overX, stats, gamma, beta, sums, dy, overX);
    const auto expected = reference.gradInput(mask);
    expectClose(Tensor(widen(dx)), expected, tolerance, 1);
    expectClose(Tensor(widen(overDy)), expected, tolerance, 1);
    expectClose(Tensor(widen(overX)), expected, tolerance, 1);
  }
}

TYPED_TEST(BatchNormRelu, sumsOfAnAddedGradientEqualTheirDefinition) {
  using T = TypeParam;
  constexpr double epsilon = BatchNormReference::epsilon;
  Random random(6);
  for (const auto &[rows, channels] :
       {std::pair<int64_t, int64_t>{2, 1}, {77, 3}, {4100, 16}, {333, 33}, {70, 1024}}) {
    SCOPED_TRACE(testing::Message() << rows << "x" << channels);
    BatchNormReference reference(rows, channels, random);
    reference.x = rounded<T>(reference.x);
    reference.measure();
    const size_t count = reference.x.size();
    const auto a = rounded<T>(random.normal(count)), b = rounded<T>(random.normal(count)),
               y = rounded<T>(random.normal(count));
    for (size_t i = 0; i < count; ++i)
      reference.dy[i] = a[i] + b[i];
    reference.dy = rounded<T>(reference.dy); // what is stored
    const auto dz = [&] {
      std::vector<float> values;
      for (size_t i = 0; i < count; ++i)
        values.push_back(y[i] > 0 ? reference.dy[i] : 0);
      return values;
    }();

    const BatchNormAddReluGradSums call{rows, channels, rows, epsilon};
    const Tensor x = narrow<T>(reference.x);
    const Tensor stats(reference.stats());
    const Tensor overA = narrow<T>(a), overB = narrow<T>(b), overY = narrow<T>(y);
    Tensor<T> apart(count);
    Tensor<double> sums(2 * channels);
    const auto check = [&](const Tensor<T> &result) {
      EXPECT_EQ(widen(result), dz);
      expectClose(sums, reference.gradSums(y), 1e-5, 1);
    };
    run(call, x, stats, narrow<T>(a), narrow<T>(b), narrow<T>(y), apart, sums);
    check(apart);
    run(call, x, stats, overA, narrow<T>(b), narrow<T>(y), overA, sums);
    check(overA);
    run(call, x, stats, narrow<T>(a), overB, narrow<T>(y), overB, sums);
    check(overB);
    run(call, x, stats, narrow<T>(a), narrow<T>(b), overY, overY, sums);
    check(overY);
  }
}

} // namespace
