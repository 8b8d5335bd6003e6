// Several steps of AdamW against torch.optim.AdamW's rule, written out.
#include "Random.h"
#include "Tensor.h"

#include <limits>

using namespace autopar::conformance;

namespace {

class RandomAdamW : public testing::TestWithParam<int> {};

TEST_P(RandomAdamW, followsTheRule) {
  Random random(GetParam());
  const int64_t count = random.pick<int64_t>({1, 37, 20000});
  const AdamW adamw{.count = count,
                    .beta1 = random.pick({0.0, 0.9}),
                    .beta2 = random.pick({0.95, 0.999}),
                    .epsilon = random.pick({1e-8, 1e-3}),
                    .weightDecay = random.pick({0.0, 0.1})};
  const float lr = 0.01f, clip = 0.25f;
  const bool clips = random.coin();
  const auto start = random.normal(count);
  std::vector<double> parameter(start.begin(), start.end()), first(count), second(count);
  const Tensor p(start), m(std::vector<float>(count, 0)), v(std::vector<float>(count, 0)),
      rate(std::vector<float>{lr}), factor(std::vector<float>{clip});
  const int64_t begin = random.pick<int64_t>({0, 0, 1000}); // a run that goes on
  for (int64_t step = begin; step < begin + 3; ++step) {
    const auto gradient = random.normal(count);
    const double t = double(step + 1);
    for (int64_t i = 0; i < count; ++i) {
      const double g = clips ? double(clip) * gradient[i] : gradient[i];
      first[i] = adamw.beta1 * first[i] + (1 - adamw.beta1) * g;
      second[i] = adamw.beta2 * second[i] + (1 - adamw.beta2) * g * g;
      const double root = std::sqrt(second[i]) / std::sqrt(1 - std::pow(adamw.beta2, t));
      parameter[i] *= 1 - lr * adamw.weightDecay;
      parameter[i] -= lr / (1 - std::pow(adamw.beta1, t)) * first[i] / (root + adamw.epsilon);
    }
    const Tensor state(std::vector<int64_t>{9, step});
    if (clips)
      run(adamw, p, Tensor(gradient), rate, state, m, v, factor, p, m, v);
    else
      run(adamw, p, Tensor(gradient), rate, state, m, v, p, m, v);
  }
  expectClose(p, parameter, 1e-6, 1);
  expectClose(m, first, 1e-6, 1);
  expectClose(v, second, 1e-6, 1);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomAdamW, testing::Range(0, 30));

TEST(AdamW, skipsAStepWhoseFactorIsZero) {
  Random random(7);
  const AdamW adamw{.count = 100, .weightDecay = 0.1};
  const auto parameter = random.normal(100), m = random.normal(100), v = random.normal(100);
  const Tensor nan(std::vector<float>(100, std::numeric_limits<float>::quiet_NaN()));
  const Tensor rate(std::vector<float>{0.1f}), none(std::vector<float>{0});
  const Tensor state(std::vector<int64_t>{9, 0});
  Tensor<float> newParameter(100), newM(100), newV(100);
  run(adamw, Tensor(parameter), nan, rate, state, Tensor(m), Tensor(v), none, newParameter,
      newM, newV);
  EXPECT_EQ(newParameter.values(), parameter);
  EXPECT_EQ(newM.values(), m);
  EXPECT_EQ(newV.values(), v);
}

} // namespace
