#include "compiler/experiments/LeastSquares.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace autopar;

namespace {

/// FLOPs, bytes, one call: amounts as far apart as they are in networks.
std::vector<Sample> samplesOf(std::array<double, 3> prices, double noise) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> share(0.01, 1), error(1 - noise, 1 + noise);
  std::vector<Sample> samples;
  for (int i = 0; i < 50; ++i) {
    Sample sample{{share(random) * 1e10, share(random) * 1e8, 1}, 0};
    for (int term = 0; term < 3; ++term)
      sample.seconds += prices[term] * sample.of[term];
    sample.seconds *= error(random);
    samples.push_back(sample);
  }
  return samples;
}

double predicted(std::array<double, 3> prices, const Sample &sample) {
  return prices[0] * sample.of[0] + prices[1] * sample.of[1] + prices[2] * sample.of[2];
}

TEST(LeastSquares, PricesWithoutNoiseAreFound) {
  const std::array<double, 3> prices = {1e-11, 1e-10, 1e-4};
  std::array<double, 3> found = fitPrices(samplesOf(prices, 0));
  for (int term = 0; term < 3; ++term)
    EXPECT_NEAR(found[term] / prices[term], 1, 1e-6);
}

TEST(LeastSquares, ATermThatCostsNothingIsFreeOfNoise) {
  std::array<double, 3> found = fitPrices(samplesOf({0, 1e-10, 0}, 0.1));
  EXPECT_GE(found[0], 0);
  EXPECT_GE(found[2], 0);
  EXPECT_NEAR(found[1] / 1e-10, 1, 0.15);
}

TEST(LeastSquares, PredictionsAddUpToTheMeasured) {
  std::vector<Sample> samples = samplesOf({1e-11, 2e-10, 1e-3}, 0.5);
  std::array<double, 3> found = fitPrices(samples);
  double all = 0, measured = 0;
  for (const Sample &sample : samples) {
    all += predicted(found, sample);
    measured += sample.seconds;
  }
  EXPECT_NEAR(all / measured, 1, 1e-9);
}

TEST(LeastSquares, SamplesAllAlikeStillGetAPrice) {
  std::vector<Sample> samples(3, Sample{{1e9, 1e6, 1}, 0.5});
  EXPECT_NEAR(predicted(fitPrices(samples), samples.front()), 0.5, 1e-12);
}

TEST(LeastSquares, NothingMeasuredCostsNothing) {
  EXPECT_EQ(fitPrices({}), (std::array<double, 3>{0, 0, 0}));
}

} // namespace
