// The cross-entropy of a split and padded vocabulary against its definition over the whole: the
// parts' sums stand side by side, and each part gets its own gradient.
#include "Random.h"
#include "Tensor.h"

#include <algorithm>
#include <limits>

using namespace autopar;
using namespace autopar::conformance;

namespace {

class RandomCrossEntropy : public testing::TestWithParam<int> {};

TEST_P(RandomCrossEntropy, ofPartsEqualsItsDefinition) {
  Random random(GetParam());
  const int64_t rows = random.pick<int64_t>({1, 8, 60}),
                parts = random.pick<int64_t>({1, 2, 4}),
                blocks = random.pick<int64_t>({1, 3}), // of each part
                classes = blocks * random.pick<int64_t>({1, 17, 100, 3000}),
                vocabulary = parts * classes;
  const int64_t valid = random.number(1, vocabulary), count = 2 * rows;
  const auto logits =
      random.normal(rows * vocabulary, 0, random.pick({0.1f, 3.0f, 60.0f, 5e3f, 1e30f}));
  std::vector<int32_t> labels;
  for (int64_t r = 0; r < rows; ++r)
    labels.push_back(static_cast<int32_t>(random.number(-1, valid - 1)));
  SCOPED_TRACE(testing::Message()
               << rows << " x " << parts << " x " << blocks << " in " << classes << ", valid "
               << valid);

  double loss = 0;
  std::vector<double> dlogits(logits.size());
  for (int64_t r = 0; r < rows; ++r) {
    if (labels[r] < 0)
      continue;
    const float *const row = logits.data() + r * vocabulary;
    const double top = *std::max_element(row, row + valid);
    double sum = 0;
    for (int64_t k = 0; k < valid; ++k)
      sum += std::exp(row[k] - top);
    loss += (std::log(sum) + (top - row[labels[r]])) / double(count);
    for (int64_t k = 0; k < valid; ++k)
      dlogits[r * vocabulary + k] =
          (std::exp(row[k] - top) / sum - (k == labels[r])) / double(count);
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
  const int64_t ofPart = 3 * blocks, ofRow = parts * ofPart;
  std::vector<double> sums(rows * ofRow);
  for (int64_t part = 0; part < parts; ++part) {
    Tensor<double> own(rows * ofPart);
    run(VocabularySums{rows, classes, blocks, partOf(part), valid},
        Tensor(columnsOf(logits, part)), Tensor(labels), own);
    const auto values = own.values();
    for (int64_t r = 0; r < rows; ++r)
      std::copy_n(&values[r * ofPart], ofPart, &sums[r * ofRow + part * ofPart]);
  }
  const int64_t all = parts * blocks;
  Tensor<float> actualLoss(1);
  run(CrossEntropyOfSums{rows, all, count}, Tensor(sums), Tensor(labels), actualLoss);
  expectClose(actualLoss, {loss}, 1e-6, 1);
  for (int64_t part = 0; part < parts; ++part) {
    const CrossEntropyOfSumsGrad call{rows, classes, all, partOf(part), valid, count};
    const Tensor inPlace(columnsOf(logits, part));
    Tensor<float> actual(rows * classes);
    run(call, Tensor(columnsOf(logits, part)), Tensor(labels), Tensor(sums), actual);
    run(call, inPlace, Tensor(labels), Tensor(sums), inPlace);
    expectClose(actual, columnsOf(dlogits, part), 1e-6, 1.0 / double(count));
    EXPECT_EQ(inPlace.values(), actual.values());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomCrossEntropy, testing::Range(0, 40));

/// Logits of one row, each a block of its own or all one, with the label 1.
struct Row {
  Tensor<float> logits, loss{1}, grad;

  explicit Row(const std::vector<float> &values, bool apart)
      : logits(values), grad(static_cast<int64_t>(values.size())) {
    const auto classes = static_cast<int64_t>(values.size()), blocks = apart ? classes : 1;
    const Tensor labels(std::vector<int32_t>{1});
    const Part part{{1, classes}, {0, 0}};
    Tensor<double> sums(3 * blocks);
    run(VocabularySums{1, classes, blocks, part, classes}, logits, labels, sums);
    run(CrossEntropyOfSums{1, blocks, 1}, sums, labels, loss);
    run(CrossEntropyOfSumsGrad{1, classes, blocks, part, classes, 1}, logits, labels, sums,
        grad);
  }
};

TEST(CrossEntropy, takesAnyFiniteLogits) {
  constexpr float most = std::numeric_limits<float>::max();
  const double first = 1 / (1 + std::exp(-1.0)), apart = 1 + std::log1p(std::exp(-1.0));
  for (bool inBlocks : {false, true}) {
    for (float at : {600.0f, -600.0f, 4096.0f, -4096.0f}) {
      const Row row({at, at - 1, -most}, inBlocks);
      expectClose(row.loss, {apart}, 1e-6);
      expectClose(row.grad, {first, -first, 0}, 1e-6);
    }
    for (float same : {1e30f, most, -most}) {
      const Row row({same, same, same, same}, inBlocks);
      expectClose(row.loss, {std::log(4.0)}, 1e-6);
      expectClose(row.grad, {0.25, -0.75, 0.25, 0.25}, 1e-6);
    }
    // A class that is masked out.
    const Row row({1, 0, -std::numeric_limits<float>::infinity()}, inBlocks);
    expectClose(row.loss, {apart}, 1e-6);
    expectClose(row.grad, {first, -first, 0}, 1e-6);
  }
}

TEST(CrossEntropy, isNotFiniteWhenTheModelHasDiverged) {
  for (float diverged :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()})
    for (bool inBlocks : {false, true})
      EXPECT_FALSE(std::isfinite(Row({diverged, 0}, inBlocks).loss.values()[0])) << diverged;
}

TEST(CrossEntropy, refusesALabelInThePadding) {
  const Tensor logits(std::vector<float>(4));
  const Tensor labels(std::vector<int32_t>{3});
  Tensor<double> sums(3);
  const VocabularySums call{1, 4, 1, {{1, 4}, {0, 0}}, 3};
  EXPECT_THROW(run(call, logits, labels, sums), std::out_of_range);
}

} // namespace
