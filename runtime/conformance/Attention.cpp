// Attention and its gradient against softmax(scale q kᵀ) v written out, causal or not, dropped
// out or not; a part of the heads and sequences sees what the whole sees.
#include "Random.h"
#include "Tensor.h"

#include "autopar/core/DropoutMask.h"

using namespace autopar::conformance;

namespace {

constexpr int64_t dropoutState[] = {77, 3};

/// All of it, in double precision.
struct AttentionReference {
  std::vector<double> y, lse, dqkv;

  AttentionReference(const AttentionShape &s, const std::vector<float> &qkv,
            const std::vector<float> &dy)
      : y(dy.size()), lse(s.batch * s.heads * s.sequence), dqkv(qkv.size()) {
    const int64_t T = s.sequence, H = s.heads, D = s.headSize;
    const autopar::DropoutMask mask(s.dropout, s.site, dropoutState);
    for (int64_t b = 0; b < s.batch; ++b)
      for (int64_t h = 0; h < H; ++h)
        for (int64_t i = 0; i < T; ++i) {
          const auto at = [&](int64_t part, int64_t position) {
            return (((b * T + position) * 3 + part) * H + h) * D;
          };
          const auto dot = [&](const std::vector<float> &a, int64_t atA,
                               const std::vector<float> &c, int64_t atC) {
            double sum = 0;
            for (int64_t d = 0; d < D; ++d)
              sum += double(a[atA + d]) * c[atC + d];
            return sum;
          };
          const int64_t out = ((b * T + i) * H + h) * D;
          const int64_t keys = s.causal ? i + 1 : T;
          std::vector<double> p(keys), factor(keys, 1);
          double top = -1e300, sum = 0, product = 0;
          for (int64_t j = 0; j < keys; ++j)
            top = std::max(top, p[j] = s.scale * dot(qkv, at(0, i), qkv, at(1, j)));
          for (int64_t j = 0; j < keys; ++j)
            sum += p[j] = std::exp(p[j] - top);
          lse[(b * H + h) * T + i] = top + std::log(sum);
          for (int64_t j = 0; j < keys; ++j) {
            p[j] /= sum;
            if (s.dropout > 0) {
              const int64_t index =
                  (((s.part.begin[0] + b) * s.part.whole[2] + s.part.begin[2] + h) * T + i) *
                      T +
                  j;
              factor[j] = mask.keeps(mask.words(index / 4)[index % 4]) / (1 - s.dropout);
            }
            for (int64_t d = 0; d < D; ++d) {
              y[out + d] += factor[j] * p[j] * qkv[at(2, j) + d];
              dqkv[at(2, j) + d] += factor[j] * p[j] * dy[out + d];
            }
            product += p[j] * factor[j] * dot(dy, out, qkv, at(2, j));
          }
          for (int64_t j = 0; j < keys; ++j) {
            const double ds =
                s.scale * p[j] * (factor[j] * dot(dy, out, qkv, at(2, j)) - product);
            for (int64_t d = 0; d < D; ++d) {
              dqkv[at(0, i) + d] += ds * qkv[at(1, j) + d];
              dqkv[at(1, j) + d] += ds * qkv[at(0, i) + d];
            }
          }
        }
  }
};

struct Results {
  Tensor<float> y, lse, dqkv;

  Results(const AttentionShape &s, const std::vector<float> &qkv, const std::vector<float> &dy)
      : y(dy.size()), lse(s.batch * s.heads * s.sequence), dqkv(qkv.size()) {
    if (s.dropout > 0) {
      const Tensor step(std::vector<int64_t>(dropoutState, dropoutState + 2));
      run(Attention(s), Tensor(qkv), step, y, lse);
      run(AttentionGrad(s), Tensor(dy), Tensor(qkv), y, lse, step, dqkv);
    } else {
      run(Attention(s), Tensor(qkv), y, lse);
      run(AttentionGrad(s), Tensor(dy), Tensor(qkv), y, lse, dqkv);
    }
  }
};

class RandomAttention : public testing::TestWithParam<int> {};

TEST_P(RandomAttention, equalsItsDefinition) {
  Random random(GetParam());
  AttentionShape shape{.batch = random.number(1, 3),
                       .sequence = random.pick<int64_t>({1, 5, 64, 65, 130, 200}),
                       .heads = random.number(1, 4),
                       .headSize = random.pick<int64_t>({1, 8, 20, 64, 80}),
                       .causal = random.coin(),
                       .scale = random.pick({0.125, 1.0}),
                       .dropout = random.pick({0.0, 0.0, 0.2}),
                       .site = random.number(0, 20)};
  const int64_t batch = shape.batch, sequence = shape.sequence, heads = shape.heads,
                headSize = shape.headSize;
  shape.part = {.whole = {batch + 1, sequence, heads + 2, headSize}, .begin = {1, 0, 2, 0}};
  SCOPED_TRACE(testing::Message() << batch << " x " << sequence << " x " << heads << " x "
                                  << headSize << (shape.causal ? " causal" : "") << " scale "
                                  << shape.scale << " dropout " << shape.dropout);
  const auto qkv = random.normal(batch * sequence * 3 * heads * headSize),
             dy = random.normal(batch * sequence * heads * headSize);
  const AttentionReference expected(shape, qkv, dy);
  const Results actual(shape, qkv, dy);
  expectClose(actual.y, expected.y);
  expectClose(actual.lse, expected.lse, 1e-5, 1);
  expectClose(actual.dqkv, expected.dqkv, 2e-5, 1);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomAttention, testing::Range(0, 60));

TEST(Attention, survivesScoresWhoseExponentialsOverflow) {
  const AttentionShape shape{.batch = 1,
                             .sequence = 3,
                             .heads = 1,
                             .headSize = 4,
                             .scale = 1,
                             .part = {{1, 3, 1, 4}, {0, 0, 0, 0}}};
  const auto qkv = Random(1).normal(3 * 3 * 4, 0, 100), dy = Random(2).normal(3 * 4);
  const AttentionReference expected(shape, qkv, dy);
  const Results actual(shape, qkv, dy);
  expectClose(actual.y, expected.y);
  expectClose(actual.lse, expected.lse);
  // dy v, which is in the hundreds, less δ, which is the same where one key has all the weight;
  // and what rounding leaves of that meets keys in the hundreds.
  expectClose(actual.dqkv, expected.dqkv, 1e-6, 200 * 200);
}

TEST(Attention, refusesAScaleThatIsNotPositive) {
  EXPECT_THROW(Attention({.batch = 1, .sequence = 1, .heads = 1, .headSize = 1, .scale = 0}),
               std::invalid_argument);
}

} // namespace
