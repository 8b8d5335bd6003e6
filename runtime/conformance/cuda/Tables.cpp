// Calls on tables of tensors against the same calls on each of them: of several hundred, so
// that one launch does not do, with empty ones and some that end within a block. All are exact:
// the same arithmetic in the same order.
#include "Random.h"
#include "Tensor.h"

#include <algorithm>

using namespace autopar::conformance;

namespace {

std::vector<int64_t> someCounts() {
  Random random(7);
  std::vector<int64_t> counts = {0, 1, 100003};
  while (counts.size() < 300)
    counts.push_back(random.number(1, 3000));
  return counts;
}

/// A tensor for each count, whose values `make` gives.
template <class Make> std::vector<Tensor<float>> tensorsOf(const Make &make) {
  std::vector<Tensor<float>> tensors;
  for (int64_t count : someCounts())
    tensors.emplace_back(make(count));
  return tensors;
}

std::vector<Tensor<float>> normals(int seed) {
  Random random(seed);
  return tensorsOf([&](int64_t count) { return random.normal(count); });
}

/// As the squares' mean of AdamW is.
std::vector<Tensor<float>> positives(int seed) {
  Random random(seed);
  return tensorsOf([&](int64_t count) {
    auto values = random.normal(count);
    for (float &value : values)
      value *= value;
    return values;
  });
}

std::vector<Tensor<float>> constants(float value) {
  return tensorsOf([&](int64_t count) { return std::vector<float>(count, value); });
}

void expectEqual(const std::vector<Tensor<float>> &actual,
                 const std::vector<Tensor<float>> &expected) {
  for (size_t i = 0; i < actual.size(); ++i)
    ASSERT_EQ(actual[i].values(), expected[i].values()) << "tensor " << i;
}

TEST(Tables, sgd) {
  const auto parameters = normals(1), gradients = normals(2), velocities = normals(3),
             expected = normals(1), expectedVelocities = normals(3);
  const Tensor rate(std::vector<float>{0.1f});
  SgdAll all{.momentum = 0.9, .dampening = 0.25, .nesterov = true};
  for (size_t i = 0; i < parameters.size(); ++i) {
    const int64_t count = someCounts()[i];
    const double decay = i % 2 ? 0.01 : 0;
    all.tensors.push_back(
        {count, decay, parameters[i].data(), gradients[i].data(), velocities[i].data()});
    run(Sgd{count, 0.9, 0.25, decay, true}, expected[i], gradients[i], rate,
        expectedVelocities[i], expected[i], expectedVelocities[i]);
  }
  run(all, rate);
  expectEqual(parameters, expected);
  expectEqual(velocities, expectedVelocities);
  // On the velocities' first step, and on a later one.
  for (int64_t step : {0, 1}) {
    const Tensor state(std::vector<int64_t>{9, step});
    for (size_t i = 0; i < parameters.size(); ++i)
      run(Sgd{someCounts()[i], 0.9, 0.25, i % 2 ? 0.01 : 0, true}, expected[i], gradients[i],
          rate, expectedVelocities[i], state, expected[i], expectedVelocities[i]);
    run(all, rate, state);
    expectEqual(parameters, expected);
    expectEqual(velocities, expectedVelocities);
  }
}

TEST(Tables, adamw) {
  const auto parameters = normals(1), gradients = normals(2), m = normals(3), v = positives(4);
  const auto expected = constants(0), expectedM = constants(0), expectedV = constants(0);
  const Tensor rate(std::vector<float>{0.1f}), clip(std::vector<float>{0.5f});
  const Tensor state(std::vector<int64_t>{9, 3});
  AdamWAll all{.beta1 = 0.9, .beta2 = 0.95, .epsilon = 1e-3};
  for (size_t i = 0; i < parameters.size(); ++i) {
    const int64_t count = someCounts()[i];
    const double decay = i % 2 ? 0.01 : 0;
    all.tensors.push_back(
        {count, decay, parameters[i].data(), gradients[i].data(), m[i].data(), v[i].data()});
    run(AdamW{count, 0.9, 0.95, 1e-3, decay}, parameters[i], gradients[i], rate, state, m[i],
        v[i], clip, expected[i], expectedM[i], expectedV[i]);
  }
  run(all, rate, state, clip);
  expectEqual(parameters, expected);
  expectEqual(m, expectedM);
  expectEqual(v, expectedV);
}

TEST(Tables, resultsMayHaveTheirOwnPlace) {
  Random random(3);
  const auto start = random.normal(5000), gradient = random.normal(5000);
  const Tensor parameter(start), slope(gradient), velocity(std::vector<float>(5000, 1)),
      rate(std::vector<float>{0.1f});
  Tensor<float> newParameter(5000), newVelocity(5000), expected(5000), expectedVelocity(5000);
  SgdAll all{.momentum = 0.9};
  all.tensors = {{5000, 0, parameter.data(), slope.data(), velocity.data(), newParameter.data(),
                  newVelocity.data()}};
  run(all, rate);
  run(Sgd{5000, 0.9}, parameter, slope, rate, velocity, expected, expectedVelocity);
  EXPECT_EQ(newParameter.values(), expected.values());
  EXPECT_EQ(newVelocity.values(), expectedVelocity.values());
  EXPECT_EQ(parameter.values(), start);
}

TEST(Tables, zeros) {
  const auto tensors = constants(3);
  ZerosAll all;
  for (size_t i = 0; i < tensors.size(); ++i)
    all.tensors.push_back({someCounts()[i], tensors[i].data()});
  run(all);
  for (size_t i = 0; i < tensors.size(); ++i)
    EXPECT_EQ(tensors[i].values(), std::vector<float>(someCounts()[i])) << "tensor " << i;
}

TEST(Tables, add) {
  const auto totals = normals(1), terms = normals(2), expected = normals(1);
  const auto apart = constants(0);
  AddAll inPlace, elsewhere;
  for (size_t i = 0; i < totals.size(); ++i) {
    const int64_t count = someCounts()[i];
    elsewhere.tensors.push_back({count, totals[i].data(), terms[i].data(), apart[i].data()});
    inPlace.tensors.push_back({count, totals[i].data(), terms[i].data()});
    run(Add{count}, expected[i], terms[i], expected[i]);
  }
  run(elsewhere);
  run(inPlace);
  expectEqual(apart, expected);
  expectEqual(totals, expected);
}

TEST(Tables, squareSum) {
  const auto tensors = normals(5);
  SquareSumAll all;
  double expected = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    all.tensors.push_back({someCounts()[i], tensors[i].data()});
    for (float value : tensors[i].values())
      expected += double(value) * value;
  }
  Tensor<double> sum(1);
  run(all, sum);
  expectClose(sum, {expected}, 1e-12);
}

/// Channels of several hundred batch norms.
std::vector<int64_t> someChannels() {
  std::vector<int64_t> channels = someCounts();
  for (int64_t &count : channels)
    count = std::min<int64_t>(count, 1 + count % 300);
  return channels;
}

/// Numbers for each channel of each.
std::vector<Tensor<float>> ofChannels(int seed, float mean) {
  Random random(seed);
  std::vector<Tensor<float>> tensors;
  for (int64_t channels : someChannels())
    tensors.emplace_back(random.normal(channels, mean, 0.1f));
  return tensors;
}

/// [2, channels], as a batch of `samples` values a channel would leave it.
std::vector<Tensor<double>> statistics(int64_t samples) {
  Random random(6);
  std::vector<Tensor<double>> tensors;
  for (int64_t channels : someChannels()) {
    std::vector<double> stats(2 * channels);
    const auto means = random.normal(channels), spreads = random.normal(channels);
    for (int64_t c = 0; c < channels; ++c) {
      stats[c] = double(samples) * means[c];
      stats[channels + c] =
          double(samples) * (double(means[c]) * means[c] + double(spreads[c]) * spreads[c]);
    }
    tensors.emplace_back(stats);
  }
  return tensors;
}

TEST(Tables, batchNormRunning) {
  constexpr int64_t samples = 50;
  const auto stats = statistics(samples);
  const auto means = ofChannels(1, 0), vars = ofChannels(2, 1), newMeans = ofChannels(3, 7),
             newVars = ofChannels(4, 7);
  BatchNormRunningAll elsewhere{.momentum = 0.2}, inPlace{.momentum = 0.2};
  std::vector<std::vector<double>> expectedMeans, expectedVars;
  for (size_t i = 0; i < stats.size(); ++i) {
    const int64_t channels = someChannels()[i];
    elsewhere.tensors.push_back({channels, samples, stats[i].data(), means[i].data(),
                                 vars[i].data(), newMeans[i].data(), newVars[i].data()});
    inPlace.tensors.push_back(
        {channels, samples, stats[i].data(), means[i].data(), vars[i].data()});
    const auto sums = stats[i].values();
    const auto mean = means[i].values(), var = vars[i].values();
    auto &ofMeans = expectedMeans.emplace_back();
    auto &ofVars = expectedVars.emplace_back();
    for (int64_t c = 0; c < channels; ++c) {
      const double batchMean = sums[c] / samples;
      const double batchVar = sums[channels + c] / samples - batchMean * batchMean;
      ofMeans.push_back(0.8 * mean[c] + 0.2 * batchMean);
      ofVars.push_back(0.8 * var[c] + 0.2 * batchVar * samples / (samples - 1));
    }
  }
  run(elsewhere);
  run(inPlace);
  for (size_t i = 0; i < stats.size(); ++i) {
    expectClose(newMeans[i], expectedMeans[i], 1e-6, 1);
    expectClose(newVars[i], expectedVars[i], 1e-6, 1);
  }
  expectEqual(means, newMeans);
  expectEqual(vars, newVars);
  EXPECT_THROW(run(BatchNormRunningAll{.tensors = {{1, 1, stats[1].data(), means[1].data(),
                                                    vars[1].data()}}}),
               std::invalid_argument);
}

TEST(Tables, batchNormGradParameters) {
  const auto sums = statistics(3);
  const auto dgammas = ofChannels(1, 7), dbetas = ofChannels(2, 7);
  BatchNormGradParametersAll all;
  for (size_t i = 0; i < sums.size(); ++i)
    all.tensors.push_back(
        {someChannels()[i], sums[i].data(), dgammas[i].data(), dbetas[i].data()});
  run(all);
  for (size_t i = 0; i < sums.size(); ++i) {
    const auto values = sums[i].values();
    const auto half = values.begin() + someChannels()[i];
    EXPECT_EQ(dbetas[i].values(), std::vector<float>(values.begin(), half)) << "tensor " << i;
    EXPECT_EQ(dgammas[i].values(), std::vector<float>(half, values.end())) << "tensor " << i;
  }
}

} // namespace
