// Matrix products against three loops, in every transposition and by random strides.
#include "Random.h"
#include "Tensor.h"

#include <array>

using namespace autopar::conformance;

namespace {

class RandomMatmul : public testing::TestWithParam<int> {};

TEST_P(RandomMatmul, equalsItsDefinition) {
  Random random(GetParam());
  const MatmulShape shape{.m = random.pick<int64_t>({1, 7, 64, 150}),
                          .n = random.pick<int64_t>({1, 16, 33, 128}),
                          .k = random.number(1, 200),
                          .transposeA = random.coin(),
                          .transposeB = random.coin()};
  const int64_t m = shape.m, n = shape.n, k = shape.k;
  const bool transposeA = shape.transposeA, transposeB = shape.transposeB;
  SCOPED_TRACE(testing::Message() << m << " x " << n << " x " << k << (transposeA ? " Aᵀ" : "")
                                  << (transposeB ? " Bᵀ" : ""));
  const auto a = random.normal(m * k), b = random.normal(k * n);
  std::vector<double> c(m * n);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t p = 0; p < k; ++p)
        c[i * n + j] += double(a[transposeA ? p * m + i : i * k + p]) *
                        b[transposeB ? j * k + p : p * n + j];
  Tensor<float> actual(c.size());
  run(Matmul(shape), Tensor(a), Tensor(b), actual);
  expectClose(actual, c);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomMatmul, testing::Range(0, 40));

/// Strides of a dense tensor whose dimensions lie in memory in a random order.
std::array<int64_t, 4> shuffledStrides(Random &random, std::array<int64_t, 4> sizes) {
  std::array<int, 4> order = {0, 1, 2, 3};
  for (int i = 3; i > 0; --i)
    std::swap(order[i], order[random.number(0, i)]);
  std::array<int64_t, 4> strides;
  int64_t stride = 1;
  for (int dim : order) {
    strides[dim] = stride;
    stride *= sizes[dim];
  }
  return strides;
}

class RandomStridedMatmul : public testing::TestWithParam<int> {};

TEST_P(RandomStridedMatmul, equalsItsDefinition) {
  Random random(GetParam());
  const int64_t outer = random.number(1, 3), inner = random.number(1, 4);
  const int64_t m = random.number(1, 40), n = random.number(1, 40), k = random.number(1, 40);
  const auto sa = shuffledStrides(random, {outer, inner, m, k}),
             sb = shuffledStrides(random, {outer, inner, k, n}),
             sc = shuffledStrides(random, {outer, inner, m, n});
  const auto a = random.normal(outer * inner * m * k), b = random.normal(outer * inner * k * n);
  std::vector<double> c(outer * inner * m * n);
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t q = 0; q < inner; ++q)
      for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j)
          for (int64_t p = 0; p < k; ++p)
            c[o * sc[0] + q * sc[1] + i * sc[2] + j * sc[3]] +=
                double(a[o * sa[0] + q * sa[1] + i * sa[2] + p * sa[3]]) *
                b[o * sb[0] + q * sb[1] + p * sb[2] + j * sb[3]];
  const StridedMatmul matmul({outer, inner, m, n, k, sa[0], sa[1], sa[2], sa[3], sb[0], sb[1],
                              sb[2], sb[3], sc[0], sc[1], sc[2], sc[3]});
  Tensor<float> actual(c.size());
  run(matmul, Tensor(a), Tensor(b), actual);
  expectClose(actual, c);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomStridedMatmul, testing::Range(0, 40));

TEST(StridedMatmul, takesQueriesAndKeysOutOfWhereTheyLie) {
  // [batch 2, sequence 5, 3, heads 2, headSize 4]: scores of queries and keys.
  const int64_t position = 3 * 2 * 4, sequence = 5;
  Random random(3);
  const auto qkv = random.normal(2 * sequence * position);
  std::vector<float> k(qkv.begin() + 2 * 4, qkv.end()); // begins at the keys
  std::vector<double> scores(2 * 2 * sequence * sequence);
  for (int64_t b = 0; b < 2; ++b)
    for (int64_t h = 0; h < 2; ++h)
      for (int64_t i = 0; i < sequence; ++i)
        for (int64_t j = 0; j < sequence; ++j)
          for (int64_t d = 0; d < 4; ++d)
            scores[((b * 2 + h) * sequence + i) * sequence + j] +=
                double(qkv[(b * sequence + i) * position + h * 4 + d]) *
                k[(b * sequence + j) * position + h * 4 + d];
  Tensor<float> actual(scores.size());
  run(StridedMatmul({.outer = 2,
                     .inner = 2,
                     .m = sequence,
                     .n = sequence,
                     .k = 4,
                     .aOuter = sequence * position,
                     .aInner = 4,
                     .aM = position,
                     .aK = 1,
                     .bOuter = sequence * position,
                     .bInner = 4,
                     .bK = 1,
                     .bN = position,
                     .cOuter = 2 * sequence * sequence,
                     .cInner = sequence * sequence,
                     .cM = sequence,
                     .cN = 1}),
      Tensor(qkv), Tensor(k), actual);
  expectClose(actual, scores);
}

} // namespace
