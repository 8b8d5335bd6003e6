// Layer normalization and its gradients against their definitions, in place and not.
#include "Random.h"
#include "Tensor.h"

using namespace autopar::conformance;

namespace {

class RandomLayerNorm : public testing::TestWithParam<int> {};

TEST_P(RandomLayerNorm, equalsItsDefinition) {
  Random random(GetParam());
  const int64_t rows = random.pick<int64_t>({1, 5, 64, 300});
  const int64_t channels = random.pick<int64_t>({1, 8, 33, 768});
  const double epsilon = random.pick({1e-5, 1e-3});
  SCOPED_TRACE(testing::Message() << rows << " x " << channels);
  // An offset far from 0 shows a variance that was taken as a difference of squares.
  const auto x = random.normal(rows * channels, random.pick({0.0f, 30.0f})),
             gamma = random.normal(channels, 1, 0.5f), beta = random.normal(channels),
             dy = random.normal(rows * channels);
  std::vector<double> y(x.size()), mean(rows), rstd(rows), dx(x.size()), dgamma(channels),
      dbeta(channels);
  for (int64_t r = 0; r < rows; ++r) {
    double variance = 0, sum = 0, product = 0;
    for (int64_t c = 0; c < channels; ++c)
      mean[r] += x[r * channels + c] / double(channels);
    for (int64_t c = 0; c < channels; ++c)
      variance += std::pow(x[r * channels + c] - mean[r], 2) / double(channels);
    rstd[r] = 1 / std::sqrt(variance + epsilon);
    const auto normal = [&](int64_t c) { return (x[r * channels + c] - mean[r]) * rstd[r]; };
    for (int64_t c = 0; c < channels; ++c) {
      const double above = dy[r * channels + c], g = above * gamma[c];
      y[r * channels + c] = normal(c) * gamma[c] + beta[c];
      sum += g / double(channels);
      product += g * normal(c) / double(channels);
      dgamma[c] += above * normal(c);
      dbeta[c] += above;
    }
    for (int64_t c = 0; c < channels; ++c)
      dx[r * channels + c] =
          rstd[r] * (dy[r * channels + c] * gamma[c] - sum - normal(c) * product);
  }

  Tensor<float> actualY(y.size()), actualMean(rows), actualRstd(rows), actualDx(dx.size()),
      actualDgamma(channels), actualDbeta(channels);
  run(LayerNorm{rows, channels, epsilon}, Tensor(x), Tensor(gamma), Tensor(beta), actualY,
      actualMean, actualRstd);
  run(LayerNormGradInput{rows, channels}, Tensor(dy), Tensor(x), Tensor(gamma), actualMean,
      actualRstd, actualDx);
  run(LayerNormGradParameters{rows, channels}, Tensor(dy), Tensor(x), actualMean, actualRstd,
      actualDgamma, actualDbeta);
  // With few channels the difference from the mean cancels: what is left has fewer digits.
  const double digits = 2e-5;
  expectClose(actualY, y, digits);
  expectClose(actualMean, mean, 1e-6, 1);
  expectClose(actualRstd, rstd, 1e-6);
  expectClose(actualDx, dx, digits, rstd[0]);
  expectClose(actualDgamma, dgamma, digits, 1);
  expectClose(actualDbeta, dbeta, 1e-6, 1);

  const Tensor overDy(dy), overX(x);
  run(LayerNormGradInput{rows, channels}, overDy, Tensor(x), Tensor(gamma), actualMean,
      actualRstd, overDy);
  run(LayerNormGradInput{rows, channels}, Tensor(dy), overX, Tensor(gamma), actualMean,
      actualRstd, overX);
  EXPECT_EQ(overDy.values(), actualDx.values());
  EXPECT_EQ(overX.values(), actualDx.values());
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLayerNorm, testing::Range(0, 30));

} // namespace
