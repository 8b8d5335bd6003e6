// Copies of tensors and of slices along each dimension, of each element type.
#include "Random.h"
#include "Tensor.h"

#include <numeric>

using namespace autopar::conformance;

namespace {

template <class T> std::vector<T> countedUp(size_t count) {
  std::vector<T> values(count);
  std::iota(values.begin(), values.end(), T(0));
  return values;
}

template <class T> class CopyOf : public testing::Test {};
using Types = testing::Types<float, double, int32_t, uint8_t>;
TYPED_TEST_SUITE(CopyOf, Types);

TYPED_TEST(CopyOf, all) {
  for (int64_t count : {1, 63, 200000}) {
    const auto values = countedUp<TypeParam>(count);
    Tensor<TypeParam> result(count);
    run(Copy{count}, Tensor(values), result);
    EXPECT_EQ(result.values(), values);
  }
}

TYPED_TEST(CopyOf, slices) {
  Random random(9);
  for (int repeat = 0; repeat < 50; ++repeat) {
    std::vector<int64_t> shape(random.number(1, 4));
    for (int64_t &extent : shape)
      extent = random.number(1, 12);
    const int64_t dim = random.number(0, shape.size() - 1);
    const int64_t offset = random.number(0, shape[dim] - 1);
    const int64_t length = random.number(1, shape[dim] - offset);

    const auto product = [](auto begin, auto end) {
      return std::accumulate(begin, end, int64_t(1), std::multiplies<>());
    };
    const int64_t inner = product(shape.begin() + dim + 1, shape.end());
    const auto x = countedUp<TypeParam>(product(shape.begin(), shape.end()));
    std::vector<TypeParam> expected;
    for (size_t i = 0; i < x.size(); ++i) {
      const int64_t position = i / inner % shape[dim];
      if (position >= offset && position < offset + length)
        expected.push_back(x[i]);
    }
    Tensor<TypeParam> y(expected.size());
    run(CopySlice({.shape = shape, .dim = dim, .offset = offset, .length = length}), Tensor(x),
        y);
    EXPECT_EQ(y.values(), expected);
  }
}

TEST(CopySlice, ofALargeTensor) {
  Random random(2);
  const auto x = random.normal(2 * 700 * 100);
  Tensor<float> y(2 * 350 * 100);
  run(CopySlice({.shape = {2, 700, 100}, .dim = 1, .offset = 350, .length = 350}), Tensor(x),
      y);
  std::vector<float> expected(x.begin() + 35000, x.begin() + 70000);
  expected.insert(expected.end(), x.begin() + 105000, x.end());
  EXPECT_EQ(y.values(), expected);
}

TEST(CopySlice, refusesWhatIsNotThere) {
  using Slice = CopySlice::Slice;
  EXPECT_THROW(CopySlice(Slice{.shape = {4, 4}, .dim = 1, .offset = 3, .length = 2}),
               std::invalid_argument);
  EXPECT_THROW(CopySlice(Slice{.shape = {4, 4}, .dim = 2, .offset = 0, .length = 1}),
               std::invalid_argument);
}

} // namespace
