// Slices, padding and concatenation: exact, and each other's inverses.
#include "Random.h"
#include "Tensor.h"

using namespace autopar;
using namespace autopar::conformance;

namespace {

class RandomSlice : public testing::TestWithParam<int> {};

TEST_P(RandomSlice, isCutOutAndPutBack) {
  Random random(GetParam());
  const int64_t outer = random.number(1, 10), whole = random.number(1, 20),
                inner = random.pick<int64_t>({1, 3, 64, 20000});
  const int64_t begin = random.number(0, whole - 1), length = random.number(1, whole - begin);
  const auto x = random.normal(outer * whole * inner);
  std::vector<float> y, padded(x.size());
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = begin * inner; i < (begin + length) * inner; ++i) {
      y.push_back(x[o * whole * inner + i]);
      padded[o * whole * inner + i] = y.back();
    }
  Tensor<float> actualY(y.size()), actualX(x.size());
  run(SliceDim{outer, whole, begin, length, inner}, Tensor(x), actualY);
  run(PadDim{outer, whole, begin, length, inner}, actualY, actualX);
  EXPECT_EQ(actualY.values(), y);
  EXPECT_EQ(actualX.values(), padded);
}

/// As labels are moved: what has no next token is left out.
TEST_P(RandomSlice, ofTokensIsPutAmongOtherNumbers) {
  Random random(GetParam());
  const int64_t outer = random.number(1, 10), whole = random.number(2, 300),
                inner = random.pick<int64_t>({1, 3});
  const int64_t begin = random.number(0, whole - 1), length = random.number(1, whole - begin);
  std::vector<int32_t> y, padded(outer * whole * inner, -100);
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = begin * inner; i < (begin + length) * inner; ++i) {
      y.push_back(static_cast<int32_t>(random.number(0, 1 << 30)));
      padded[o * whole * inner + i] = y.back();
    }
  Tensor<int32_t> actualY(y.size()), actualX(padded.size());
  run(PadDim{outer, whole, begin, length, inner, -100}, Tensor(y), actualX);
  run(SliceDim{outer, whole, begin, length, inner}, actualX, actualY);
  EXPECT_EQ(actualX.values(), padded);
  EXPECT_EQ(actualY.values(), y);
}

TEST(PadDim, putsAnyNumberAroundReals) {
  Tensor<float> x(6);
  run(PadDim{1, 6, 2, 3, 1, -0.5}, Tensor(std::vector<float>{1, 2, 3}), x);
  EXPECT_EQ(x.values(), (std::vector<float>{-0.5, -0.5, 1, 2, 3, -0.5}));
}

TEST_P(RandomSlice, areConcatenated) {
  Random random(GetParam());
  const int64_t outer = random.number(1, 10), inner = random.pick<int64_t>({1, 3, 64});
  const std::vector<int64_t> lengths{random.number(1, 5), random.number(1, 5), random.number(1, 5)};
  const int64_t whole = lengths[0] + lengths[1] + lengths[2];
  const auto y = random.normal(outer * whole * inner);
  const auto cut = [&](int64_t begin, int64_t length) {
    Tensor<float> x(outer * length * inner);
    run(SliceDim{outer, whole, begin, length, inner}, Tensor(y), x);
    return Tensor(x.values());
  };
  Tensor<float> actual(y.size());
  runOnList(Concat{outer, inner, lengths}, actual, cut(0, lengths[0]),
            cut(lengths[0], lengths[1]), cut(lengths[0] + lengths[1], lengths[2]));
  EXPECT_EQ(actual.values(), y);
}

TEST(Concat, TakesMoreInputsThanAShapeHasDimensions) {
  const std::vector<float> y{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const auto at = [&](int i) { return Tensor(std::vector<float>{y[i]}); };
  Tensor<float> actual(y.size());
  runOnList(Concat{1, 1, std::vector<int64_t>(10, 1)}, actual, at(0), at(1), at(2), at(3), at(4),
            at(5), at(6), at(7), at(8), at(9));
  EXPECT_EQ(actual.values(), y);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomSlice, testing::Range(0, 20));

} // namespace
