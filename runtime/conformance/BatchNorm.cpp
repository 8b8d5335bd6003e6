// Batch norm against its definition, with channels and rows below, at and above the sizes at
// which kernels cut or fold them.
#include "BatchNormReference.h"
#include "Random.h"
#include "Tensor.h"

using namespace autopar::conformance;

namespace {

constexpr double epsilon = BatchNormReference::epsilon;

struct Size {
  int64_t rows, channels;
};

class BatchNorm : public testing::TestWithParam<Size> {
protected:
  const int64_t rows = GetParam().rows, channels = GetParam().channels;
  Random random{7};
};

INSTANTIATE_TEST_SUITE_P(Sizes, BatchNorm,
                         testing::Values(Size{2, 1}, Size{1000, 1}, Size{77, 3}, Size{8200, 16},
                                         Size{333, 33}, Size{3137, 64}, Size{9, 700},
                                         Size{130, 1024}, Size{66, 1025}, Size{200, 2048},
                                         Size{3, 2500}),
                         [](const auto &info) {
                           return std::to_string(info.param.rows) + "x" +
                                  std::to_string(info.param.channels);
                         });

TEST_P(BatchNorm, statsAreSumAndSumOfSquares) {
  const BatchNormReference reference(rows, channels, random, 3);
  Tensor<double> stats(2 * channels);
  run(BatchNormStats{rows, channels}, Tensor(reference.x), stats);
  expectClose(stats, reference.stats(), 1e-12);
}

TEST_P(BatchNorm, varianceSurvivesALargeMean) {
  const BatchNormReference reference(rows, channels, random, 1000);
  Tensor<double> stats(2 * channels);
  run(BatchNormStats{rows, channels}, Tensor(reference.x), stats);
  Tensor<float> y(rows * channels);
  run(BatchNormApply{.rows = rows, .channels = channels, .count = rows, .epsilon = epsilon},
      Tensor(reference.x), stats, Tensor(reference.gamma), Tensor(reference.beta), y);
  // The mean itself is rounded to f32: 1000 has a last place of 6e-5.
  expectClose(y, reference.output(false, false), 1e-3);
}

TEST_P(BatchNorm, statsOfPartsAddUp) {
  const BatchNormReference reference(rows, channels, random);
  const int64_t head = rows / 2;
  const std::vector<float> first(reference.x.begin(), reference.x.begin() + head * channels);
  const std::vector<float> second(reference.x.begin() + head * channels, reference.x.end());
  Tensor<double> ofFirst(2 * channels), ofSecond(2 * channels);
  run(BatchNormStats{head, channels}, Tensor(first), ofFirst);
  run(BatchNormStats{rows - head, channels}, Tensor(second), ofSecond);
  auto sum = ofFirst.values();
  const auto rest = ofSecond.values();
  for (size_t i = 0; i < sum.size(); ++i)
    sum[i] += rest[i];
  expectClose(Tensor(sum), reference.stats(), 1e-12);
}

TEST_P(BatchNorm, applyNormalizesAddsAndClips) {
  const BatchNormReference reference(rows, channels, random);
  const Tensor x(reference.x), gamma(reference.gamma), beta(reference.beta),
      residual(reference.residual);
  const Tensor stats(reference.stats());
  for (bool relu : {false, true}) {
    const BatchNormApply apply{
        .rows = rows, .channels = channels, .count = rows, .epsilon = epsilon, .relu = relu};
    Tensor<float> plain(rows * channels), added(rows * channels);
    run(apply, x, stats, gamma, beta, plain);
    expectClose(plain, reference.output(relu, false));
    run(apply, x, stats, gamma, beta, residual, added);
    expectClose(added, reference.output(relu, true));

    const Tensor inPlace(reference.x), onResidual(reference.residual);
    run(apply, inPlace, stats, gamma, beta, inPlace);
    expectClose(inPlace, reference.output(relu, false));
    run(apply, x, stats, gamma, beta, onResidual, onResidual);
    expectClose(onResidual, reference.output(relu, true));
  }
}

TEST_P(BatchNorm, inferenceUsesTheRunningStatistics) {
  BatchNormReference reference(rows, channels, random);
  const auto mean = random.normal(channels);
  auto var = random.normal(channels);
  for (float &value : var)
    value = value * value + 0.1f;
  reference.mean.assign(mean.begin(), mean.end());
  reference.var.assign(var.begin(), var.end());
  for (bool relu : {false, true}) {
    const BatchNormInference inference{
        .rows = rows, .channels = channels, .epsilon = epsilon, .relu = relu};
    Tensor<float> plain(rows * channels), added(rows * channels);
    run(inference, Tensor(reference.x), Tensor(reference.gamma), Tensor(reference.beta),
        Tensor(mean), Tensor(var), plain);
    expectClose(plain, reference.output(relu, false));
    run(inference, Tensor(reference.x), Tensor(reference.gamma), Tensor(reference.beta),
        Tensor(mean), Tensor(var), Tensor(reference.residual), added);
    expectClose(added, reference.output(relu, true));
  }
}

TEST_P(BatchNorm, gradientsEqualTheirDefinition) {
  const BatchNormReference reference(rows, channels, random);
  const Tensor x(reference.x), dy(reference.dy), gamma(reference.gamma);
  const Tensor stats(reference.stats());
  const BatchNormGradSums gradSums{rows, channels, rows, epsilon};
  const BatchNormGradInput gradInput{rows, channels, rows, epsilon};
  const std::vector<float> all(rows * channels, 1), some = random.normal(rows * channels);

  Tensor<double> sums(2 * channels), maskedSums(2 * channels);
  run(gradSums, x, stats, dy, sums);
  expectClose(sums, reference.gradSums(all), 1e-5, 1);
  run(gradSums, x, stats, dy, Tensor(some), maskedSums);
  expectClose(maskedSums, reference.gradSums(some), 1e-5, 1);

  Tensor<float> dx(rows * channels), maskedDx(rows * channels);
  run(gradInput, x, stats, gamma, sums, dy, dx);
  expectClose(dx, reference.gradInput(all), 1e-5, 1);
  run(gradInput, x, stats, gamma, maskedSums, dy, Tensor(some), maskedDx);
  expectClose(maskedDx, reference.gradInput(some), 1e-5, 1);

  const Tensor inPlace(reference.dy);
  run(gradInput, x, stats, gamma, maskedSums, inPlace, Tensor(some), inPlace);
  expectClose(inPlace, reference.gradInput(some), 1e-5, 1);

  Tensor<float> dgamma(channels), dbeta(channels);
  run(BatchNormGradParameters{channels}, sums, dgamma, dbeta);
  const auto expected = reference.gradSums(all);
  expectClose(dbeta, {expected.begin(), expected.begin() + channels}, 1e-5, 1);
  expectClose(dgamma, {expected.begin() + channels, expected.end()}, 1e-5, 1);
}

// The definition of the gradient is itself held against differences of the output.
TEST(BatchNormReference, gradientIsTheSlopeOfTheOutput) {
  Random random(3);
  const BatchNormReference reference(6, 2, random);
  const auto dx = reference.gradInput(std::vector<float>(12, 1));
  const auto weighed = [&](size_t moved, float step) {
    BatchNormReference other = reference;
    other.x[moved] += step;
    other.measure();
    double sum = 0;
    const auto y = other.output(false, false);
    for (size_t i = 0; i < y.size(); ++i)
      sum += y[i] * reference.dy[i];
    return sum;
  };
  for (size_t i = 0; i < dx.size(); ++i)
    EXPECT_NEAR((weighed(i, 0.01f) - weighed(i, -0.01f)) / 0.02, dx[i], 1e-3) << i;
}

TEST_P(BatchNorm, runningStatisticsMoveTowardsTheBatch) {
  const BatchNormReference reference(rows, channels, random, 2);
  const auto mean = random.normal(channels);
  const auto var = random.normal(channels, 2, 0.1f);
  std::vector<double> newMean(channels), newVar(channels);
  for (int64_t c = 0; c < channels; ++c) {
    newMean[c] = 0.9 * mean[c] + 0.1 * reference.mean[c];
    newVar[c] = 0.9 * var[c] + 0.1 * reference.var[c] * rows / (rows - 1);
  }
  const Tensor means(mean), vars(var);
  run(BatchNormRunning{.channels = channels, .count = rows, .momentum = 0.1},
      Tensor(reference.stats()), means, vars, means, vars);
  expectClose(means, newMean);
  expectClose(vars, newVar);
}

TEST(BatchNormRunning, refusesASingleValue) {
  const Tensor<double> stats(2);
  const Tensor<float> mean(1), var(1);
  const BatchNormRunning running{.channels = 1, .count = 1};
  EXPECT_THROW(run(running, stats, mean, var, mean, var), std::invalid_argument);
}

} // namespace
