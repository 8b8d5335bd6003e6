// Several steps of gradient descent against PyTorch's update rule, written out.
#include "Random.h"
#include "Tensor.h"

#include <limits>

using namespace autopar::conformance;

namespace {

class RandomSgd : public testing::TestWithParam<int> {};

TEST_P(RandomSgd, followsTheRule) {
  Random random(GetParam());
  const int64_t count = random.pick<int64_t>({1, 37, 20000});
  const Sgd sgd{.count = count,
                .momentum = random.pick({0.0, 0.9}),
                .dampening = random.pick({0.0, 0.5}),
                .weightDecay = random.pick({0.0, 1e-2}),
                .nesterov = random.coin()};
  const float lr = 0.1f;
  const auto start = random.normal(count);
  std::vector<double> parameter(start.begin(), start.end()), velocity(count);
  const Tensor p(start), v(std::vector<float>(count, 0)), rate(std::vector<float>{lr});
  for (int step = 0; step < 3; ++step) {
    const auto gradient = random.normal(count);
    for (int64_t i = 0; i < count; ++i) {
      const double d = gradient[i] + sgd.weightDecay * parameter[i];
      velocity[i] = step == 0 ? d : sgd.momentum * velocity[i] + (1 - sgd.dampening) * d;
      parameter[i] -= lr * (sgd.nesterov ? d + sgd.momentum * velocity[i] : velocity[i]);
    }
    const Tensor state(std::vector<int64_t>{9, step});
    if (sgd.dampening != 0)
      run(sgd, p, Tensor(gradient), rate, v, state, p, v);
    else
      run(sgd, p, Tensor(gradient), rate, v, p, v);
  }
  expectClose(p, parameter, 1e-6, 1);
  expectClose(v, velocity, 1e-6, 1);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomSgd, testing::Range(0, 30));

TEST(Sgd, withoutMomentumNeedsNoVelocity) {
  Random random(5);
  const auto parameter = random.normal(100), gradient = random.normal(100);
  std::vector<double> expected(100);
  for (int i = 0; i < 100; ++i)
    expected[i] = parameter[i] - 0.1 * (gradient[i] + 0.01 * parameter[i]);
  Tensor<float> result(100);
  run(Sgd{.count = 100, .weightDecay = 0.01}, Tensor(parameter), Tensor(gradient),
      Tensor(std::vector<float>{0.1f}), result);
  expectClose(result, expected, 1e-6);
}

TEST(Sgd, takesAFactorOfTheGradient) {
  Random random(6);
  const auto parameter = random.normal(100), gradient = random.normal(100);
  std::vector<float> larger(gradient);
  for (float &value : larger)
    value *= 8;
  const Tensor rate(std::vector<float>{0.1f}), velocity(random.normal(100));
  const Tensor eighth(std::vector<float>{0.125f}), none(std::vector<float>{0});
  Tensor<float> plain(100), plainVelocity(100), scaled(100), scaledVelocity(100);
  const Sgd sgd{.count = 100, .momentum = 0.9, .weightDecay = 0.01};
  run(sgd, Tensor(parameter), Tensor(gradient), rate, velocity, plain, plainVelocity);
  run(sgd, Tensor(parameter), Tensor(larger), rate, velocity, eighth, scaled, scaledVelocity);
  EXPECT_EQ(scaled.values(), plain.values());
  EXPECT_EQ(scaledVelocity.values(), plainVelocity.values());

  const Sgd still{.count = 100, .weightDecay = 0.01};
  run(still, Tensor(parameter), Tensor(gradient), rate, plain);
  run(still, Tensor(parameter), Tensor(larger), rate, eighth, scaled);
  EXPECT_EQ(scaled.values(), plain.values());

  // So does one that is told the velocity's first step.
  const Sgd dampened{.count = 100, .momentum = 0.9, .dampening = 0.5};
  for (int64_t step : {0, 1}) {
    const Tensor state(std::vector<int64_t>{9, step});
    run(dampened, Tensor(parameter), Tensor(gradient), rate, velocity, state, plain,
        plainVelocity);
    run(dampened, Tensor(parameter), Tensor(larger), rate, velocity, state, eighth, scaled,
        scaledVelocity);
    EXPECT_EQ(scaled.values(), plain.values());
    EXPECT_EQ(scaledVelocity.values(), plainVelocity.values());
  }

  // 0 skips the step, whatever the gradient.
  const Tensor nan(std::vector<float>(100, std::numeric_limits<float>::quiet_NaN()));
  run(sgd, Tensor(parameter), nan, rate, velocity, none, scaled, scaledVelocity);
  EXPECT_EQ(scaled.values(), parameter);
  EXPECT_EQ(scaledVelocity.values(), velocity.values());
  run(still, Tensor(parameter), nan, rate, none, scaled);
  EXPECT_EQ(scaled.values(), parameter);
}

} // namespace
