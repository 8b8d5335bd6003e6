// The cross-entropy of a split and padded vocabulary against its definition over the whole: the
// parts' sums add up, and each part gets its own gradient.
#include "Random.h"
#include "Tensor.h"

#include <limits>

using namespace autopar;
using namespace autopar::conformance;

namespace {

class RandomCrossEntropy : public testing::TestWithParam<int> {};

TEST_P(RandomCrossEntropy, ofPartsEqualsItsDefinition) {
  Random random(GetParam());
  const int64_t rows = random.pick<int64_t>({1, 8, 60}),
                parts = random.pick<int64_t>({1, 2, 4}),
                classes = random.pick<int64_t>({3, 50, 300}), vocabulary = parts * classes;
  const int64_t valid = random.number(1, vocabulary), count = 2 * rows;
  const auto logits = random.normal(rows * vocabulary, 0, random.pick({0.1f, 3.0f, 60.0f}));
  std::vector<int32_t> labels;
  for (int64_t r = 0; r < rows; ++r)
    labels.push_back(static_cast<int32_t>(random.number(-1, valid - 1)));
  SCOPED_TRACE(testing::Message()
               << rows << " x " << parts << " x " << classes << ", valid " << valid);

  double loss = 0;
  std::vector<double> dlogits(logits.size());
  for (int64_t r = 0; r < rows; ++r) {
    if (labels[r] < 0)
      continue;
    const float *const row = logits.data() + r * vocabulary;
    double sum = 0;
    for (int64_t k = 0; k < valid; ++k)
      sum += std::exp(double(row[k]));
    loss += (std::log(sum) - row[labels[r]]) / double(count);
    for (int64_t k = 0; k < valid; ++k)
      dlogits[r * vocabulary + k] =
          (std::exp(double(row[k])) / sum - (k == labels[r])) / double(count);
  }

  const auto columnsOf = [&](const auto &whole, int64_t part) {
    auto own = whole;
    own.clear();
    for (int64_t r = 0; r < rows; ++r)
      own.insert(own.end(), whole.begin() + r * vocabulary + part * classes,
                 whole.begin() + r * vocabulary + (part + 1) * classes);
    return own;
  };
  const auto partOf = [&](int64_t part) {
    return Part{.whole = {rows, vocabulary}, .begin = {0, part * classes}};
  };
  std::vector<double> sums(2 * rows);
  for (int64_t part = 0; part < parts; ++part) {
    Tensor<double> own(2 * rows);
    run(VocabularySums{rows, classes, partOf(part), valid}, Tensor(columnsOf(logits, part)),
        Tensor(labels), own);
    const auto values = own.values();
    for (int64_t i = 0; i < 2 * rows; ++i)
      sums[i] += values[i];
  }
  Tensor<float> actualLoss(1);
  run(CrossEntropyOfSums{rows, count}, Tensor(sums), Tensor(labels), actualLoss);
  expectClose(actualLoss, {loss}, 1e-6, 1);
  for (int64_t part = 0; part < parts; ++part) {
    const CrossEntropyOfSumsGrad call{rows, classes, partOf(part), valid, count};
    const Tensor inPlace(columnsOf(logits, part));
    Tensor<float> actual(rows * classes);
    run(call, Tensor(columnsOf(logits, part)), Tensor(labels), Tensor(sums), actual);
    run(call, inPlace, Tensor(labels), Tensor(sums), inPlace);
    expectClose(actual, columnsOf(dlogits, part), 1e-6, 1.0 / double(count));
    EXPECT_EQ(inPlace.values(), actual.values());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomCrossEntropy, testing::Range(0, 40));

TEST(CrossEntropy, takesLogitsWhoseExponentialsLeaveFloats) {
  const std::vector<float> logits{600, 599, -600};
  const Tensor labels(std::vector<int32_t>{1});
  const Part part{{1, 3}, {0, 0}};
  Tensor<double> sums(2);
  Tensor<float> loss(1), grad(3);
  run(VocabularySums{1, 3, part, 3}, Tensor(logits), labels, sums);
  run(CrossEntropyOfSums{1, 1}, sums, labels, loss);
  run(CrossEntropyOfSumsGrad{1, 3, part, 3, 1}, Tensor(logits), labels, sums, grad);
  const double first = 1 / (1 + std::exp(-1.0));
  expectClose(loss, {1 + std::log1p(std::exp(-1.0))}, 1e-6);
  expectClose(grad, {first, -first, 0}, 1e-6);
}

TEST(CrossEntropy, isNotFiniteWhenTheModelHasDiverged) {
  const Tensor labels(std::vector<int32_t>{0});
  for (float diverged : {800.0f, std::numeric_limits<float>::quiet_NaN()}) {
    const Tensor logits(std::vector<float>{0, diverged});
    Tensor<double> sums(2);
    Tensor<float> loss(1);
    run(VocabularySums{1, 2, {{1, 2}, {0, 0}}, 2}, logits, labels, sums);
    run(CrossEntropyOfSums{1, 1}, sums, labels, loss);
    EXPECT_FALSE(std::isfinite(loss.values()[0])) << diverged;
  }
}

TEST(CrossEntropy, refusesALabelInThePadding) {
  const Tensor logits(std::vector<float>(4));
  const Tensor labels(std::vector<int32_t>{3});
  Tensor<double> sums(2);
  const VocabularySums call{1, 4, {{1, 4}, {0, 0}}, 3};
  EXPECT_THROW(run(call, logits, labels, sums), std::out_of_range);
}

} // namespace
