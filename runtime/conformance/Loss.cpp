// Softmax cross-entropy, its gradient and the count of right answers against their definitions.
#include "Random.h"
#include "Tensor.h"

#include <limits>

using namespace autopar::conformance;

namespace {

struct Problem {
  int64_t batch, classes, count;
  double smoothing;
  std::vector<float> logits;
  std::vector<int32_t> labels; ///< Some -1.

  Problem(Random &random, float deviation)
      : batch(random.pick<int64_t>({1, 8, 100})),
        classes(random.pick<int64_t>({2, 10, 100, 1000})), count(3 * batch),
        smoothing(random.pick({0.0, 0.1})),
        logits(random.normal(batch * classes, 0, deviation)) {
    for (int64_t n = 0; n < batch; ++n)
      labels.push_back(static_cast<int32_t>(random.number(-1, classes - 1)));
  }

  double target(int64_t n, int64_t k) const {
    return (labels[n] == k ? 1 - smoothing : 0) + smoothing / classes;
  }
  /// log(softmax(row n))
  std::vector<double> logProbabilities(int64_t n) const {
    const std::vector<double> row(logits.begin() + n * classes,
                                  logits.begin() + (n + 1) * classes);
    const double top = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (double value : row)
      sum += std::exp(value - top);
    std::vector<double> result;
    for (double value : row)
      result.push_back(value - top - std::log(sum));
    return result;
  }
};

class RandomLoss : public testing::TestWithParam<int> {};

TEST_P(RandomLoss, equalsItsDefinition) {
  Random random(GetParam());
  const Problem problem(random, random.pick({0.1f, 1.0f, 100.0f}));
  const auto &[batch, classes, count, smoothing, logits, labels] = problem;
  SCOPED_TRACE(testing::Message() << batch << " x " << classes << " smoothing " << smoothing);
  double loss = 0, correct = 0;
  std::vector<double> dlogits(logits.size());
  for (int64_t n = 0; n < batch; ++n) {
    if (labels[n] < 0)
      continue;
    const auto logP = problem.logProbabilities(n);
    for (int64_t k = 0; k < classes; ++k) {
      loss -= problem.target(n, k) * logP[k] / count;
      dlogits[n * classes + k] = (std::exp(logP[k]) - problem.target(n, k)) / count;
    }
    correct += std::max_element(logP.begin(), logP.end()) - logP.begin() == labels[n];
  }

  Tensor<float> actualLoss(1), actualCorrect(1), actualGrad(logits.size());
  const Tensor inPlace(logits);
  run(SoftmaxCrossEntropy{batch, classes, count, smoothing}, Tensor(logits), Tensor(labels),
      actualLoss);
  run(SoftmaxCrossEntropyGrad{batch, classes, count, smoothing}, Tensor(logits), Tensor(labels),
      actualGrad);
  run(SoftmaxCrossEntropyGrad{batch, classes, count, smoothing}, inPlace, Tensor(labels),
      inPlace);
  const Tensor scale(std::vector<float>{1024});
  Tensor<float> scaledGrad(logits.size());
  run(SoftmaxCrossEntropyGrad{batch, classes, count, smoothing}, Tensor(logits), Tensor(labels),
      scale, scaledGrad);
  run(CountCorrect{batch, classes}, Tensor(logits), Tensor(labels), actualCorrect);
  expectClose(actualLoss, {loss}, 1e-6, 1.0 / count);
  expectClose(actualGrad, dlogits, 1e-6, 1.0 / count);
  EXPECT_EQ(inPlace.values(), actualGrad.values());
  for (double &value : dlogits)
    value *= 1024;
  expectClose(scaledGrad, dlogits, 1e-6, 1024.0 / count);
  EXPECT_EQ(actualCorrect.values()[0], correct);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLoss, testing::Range(0, 40));

TEST(Loss, survivesLogitsWhoseExponentialsOverflow) {
  const Tensor logits(std::vector<float>{1e4f, -1e4f, 9e3f});
  const Tensor labels(std::vector<int32_t>{1});
  Tensor<float> loss(1), grad(3);
  run(SoftmaxCrossEntropy{1, 3, 1}, logits, labels, loss);
  run(SoftmaxCrossEntropyGrad{1, 3, 1}, logits, labels, grad);
  EXPECT_EQ(loss.values()[0], 2e4f);
  EXPECT_EQ(grad.values(), (std::vector<float>{1, -1, 0}));
}

TEST(Loss, ofANaNIsANaN) {
  const Tensor logits(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN(), 2});
  const Tensor labels(std::vector<int32_t>{0});
  Tensor<float> loss(1), correct(1);
  run(SoftmaxCrossEntropy{1, 3, 1}, logits, labels, loss);
  run(CountCorrect{1, 3}, logits, labels, correct);
  EXPECT_TRUE(std::isnan(loss.values()[0]));
  EXPECT_EQ(correct.values()[0], 0);
}

TEST(Loss, refusesALabelThatIsNoClass) {
  const Tensor logits(std::vector<float>(6));
  const Tensor labels(std::vector<int32_t>{0, 3});
  Tensor<float> loss(1), grad(6);
  const SoftmaxCrossEntropy forward{2, 3, 2};
  const SoftmaxCrossEntropyGrad backward{2, 3, 2};
  EXPECT_THROW(run(forward, logits, labels, loss), std::out_of_range);
  EXPECT_THROW(run(backward, logits, labels, grad), std::out_of_range);
}

TEST(CountKept, countsWhatIsNotNegative) {
  Random random(0);
  for (int64_t count : {1, 7, 300, 5000}) {
    std::vector<int32_t> labels;
    int64_t kept = 0;
    for (int64_t i = 0; i < count; ++i) {
      labels.push_back(random.pick<int32_t>({-100, -1, 0, 9}));
      kept += labels.back() >= 0;
    }
    Tensor<float> actual(1);
    run(CountKept{count}, Tensor(labels), actual);
    EXPECT_EQ(actual.values()[0], static_cast<float>(kept));
  }
}

TEST(CountCorrect, takesTheFirstOfEqualLogits) {
  const Tensor logits(std::vector<float>{1, 2, 2, 1, 2, 2});
  const Tensor labels(std::vector<int32_t>{1, 2});
  Tensor<float> correct(1);
  run(CountCorrect{2, 3}, logits, labels, correct);
  EXPECT_EQ(correct.values()[0], 1);
}

} // namespace
