// Embeddings and their gradient against a loop; the parts of a split table add up to the whole.
#include "Random.h"
#include "Tensor.h"

using namespace autopar;
using namespace autopar::conformance;

namespace {

class RandomEmbedding : public testing::TestWithParam<int> {
protected:
  Random random{static_cast<uint32_t>(GetParam())};
  const int64_t rows = random.pick<int64_t>({1, 50, 400});
  const int64_t channels = random.pick<int64_t>({1, 16, 100, 1500});
  const int64_t vocabulary = random.pick<int64_t>({4, 60, 1000});
  const int64_t parts = random.pick<int64_t>({1, 2, 4});
  const int64_t length = vocabulary / parts;
  const std::vector<float> table = random.normal(vocabulary * channels),
                           dy = random.normal(rows * channels);
  const std::vector<int32_t> tokens = [this] {
    std::vector<int32_t> list;
    for (int64_t r = 0; r < rows; ++r)
      list.push_back(static_cast<int32_t>(random.number(0, vocabulary - 1)));
    return list;
  }();

  Part part(int64_t index) const {
    return {.whole = {vocabulary, channels}, .begin = {index * length, 0}};
  }
};

TEST_P(RandomEmbedding, takesEachTokensRowWhereItIs) {
  for (int64_t p = 0; p < parts; ++p) {
    std::vector<float> expected(rows * channels);
    for (int64_t r = 0; r < rows; ++r)
      if (tokens[r] / length == p)
        std::copy_n(table.begin() + tokens[r] * channels, channels,
                    expected.begin() + r * channels);
    const std::vector<float> own(table.begin() + p * length * channels,
                                 table.begin() + (p + 1) * length * channels);
    Tensor<float> y(rows * channels);
    run(Embedding{rows, channels, part(p), length}, Tensor(tokens), Tensor(own), y);
    EXPECT_EQ(y.values(), expected);
  }
}

TEST_P(RandomEmbedding, getsTheSumOfItsTokensGradients) {
  std::vector<double> expected(vocabulary * channels);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < channels; ++c)
      expected[tokens[r] * channels + c] += dy[r * channels + c];
  const auto padding = random.number(-1, vocabulary - 1);
  for (int64_t ignored : {int64_t(-1), int64_t(padding)}) {
    if (ignored >= 0)
      std::fill_n(expected.begin() + ignored * channels, channels, 0);
    for (int64_t p = 0; p < parts; ++p) {
      Tensor<float> dtable(length * channels);
      run(EmbeddingGrad{rows, channels, part(p), length, ignored}, Tensor(tokens), Tensor(dy),
          dtable);
      expectClose(dtable,
                  {expected.begin() + p * length * channels,
                   expected.begin() + (p + 1) * length * channels},
                  1e-6, 1);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomEmbedding, testing::Range(0, 20));

TEST(Embedding, ofATokenInMostRowsGetsTheSumOfThemAll) {
  constexpr int64_t rows = 1500, channels = 300, vocabulary = 5;
  Random random(11);
  const auto dy = random.normal(rows * channels);
  std::vector<int32_t> tokens;
  for (int64_t r = 0; r < rows; ++r)
    tokens.push_back(r % 7 ? 2 : static_cast<int32_t>(random.number(0, vocabulary - 1)));
  std::vector<double> expected(vocabulary * channels);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < channels; ++c)
      expected[tokens[r] * channels + c] += dy[r * channels + c];
  const EmbeddingGrad call{
      rows, channels, {.whole = {vocabulary, channels}, .begin = {0, 0}}, vocabulary};
  Tensor<float> dtable(vocabulary * channels), again(vocabulary * channels);
  run(call, Tensor(tokens), Tensor(dy), dtable);
  run(call, Tensor(tokens), Tensor(dy), again);
  expectClose(dtable, expected, 1e-6, 1);
  EXPECT_EQ(again.values(), dtable.values());
}

TEST(Embedding, refusesATokenOutsideTheWholeTable) {
  // Its own rows are 2 and 3 of 4.
  const Part part{.whole = {4, 8}, .begin = {2, 0}};
  const Tensor table(std::vector<float>(16)), dy(std::vector<float>(16));
  Tensor<float> y(16), dtable(16);
  const Embedding forward{2, 8, part, 2};
  const EmbeddingGrad backward{2, 8, part, 2};
  for (int32_t token : {-1, 4}) {
    const Tensor tokens(std::vector<int32_t>{0, token});
    EXPECT_THROW(run(forward, tokens, table, y), std::out_of_range);
    EXPECT_THROW(run(backward, tokens, dy, dtable), std::out_of_range);
  }
}

} // namespace
