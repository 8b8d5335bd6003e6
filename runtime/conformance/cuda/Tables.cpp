// Calls on tables of tensors against the same calls on each of them: of several hundred, so
// that one launch does not do, with empty ones and some that end within a block. All are exact:
// the same arithmetic in the same order.
#include "Random.h"
#include "Tensor.h"

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

} // namespace
