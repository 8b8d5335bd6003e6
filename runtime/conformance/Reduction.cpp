// Sums, maxima and repetition along random dimensions of random shapes, against the definition
// in double precision.
#include "Random.h"
#include "Tensor.h"

#include <limits>

using namespace autopar;
using namespace autopar::conformance;

namespace {

/// A shape, and some of its dimensions.
struct Dims {
  Shape shape, dims;

  bool has(int dim) const { return std::ranges::find(dims, dim) != dims.end(); }
  int64_t count() const { return elements(shape); }
  /// Where element i of the shape belongs among those of the other dimensions.
  int64_t place(int64_t i) const {
    int64_t place = 0, stride = 1;
    for (int d = shape.size() - 1; d >= 0; --d) {
      if (!has(d)) {
        place += i % shape[d] * stride;
        stride *= shape[d];
      }
      i /= shape[d];
    }
    return place;
  }
  int64_t places() const {
    int64_t product = 1;
    for (int d = 0; d < shape.size(); ++d)
      product *= has(d) ? 1 : shape[d];
    return product;
  }

  template <class Join> std::vector<double> reduced(const std::vector<float> &x, double start,
                                                    Join join) const {
    std::vector<double> y(places(), start);
    for (int64_t i = 0; i < count(); ++i)
      y[place(i)] = join(y[place(i)], static_cast<double>(x[i]));
    return y;
  }
};

Dims randomDims(Random &random) {
  Dims dims;
  const int64_t rank = random.number(0, 5);
  for (int d = 0; d < rank; ++d) {
    dims.shape.push_back(random.pick<int64_t>({1, 2, 3, 7, 16, 33}));
    if (random.coin())
      dims.dims.push_back(d);
  }
  return dims;
}

void check(const Dims &dims, Random &random) {
  const auto x = random.normal(dims.count(), 0.1f);
  const auto sums = dims.reduced(x, 0, std::plus<>());
  const auto most = dims.reduced(x, -INFINITY, [](double a, double b) { return std::max(a, b); });
  Tensor<float> y(dims.places()), z(dims.places());
  run(Sum{dims.shape, dims.dims}, Tensor(x), y);
  run(Max{dims.shape, dims.dims}, Tensor(x), z);
  expectClose(y, sums, 1e-7, 1);
  EXPECT_EQ(z.values(), std::vector<float>(most.begin(), most.end()));

  const auto values = y.values();
  std::vector<float> repeated;
  for (int64_t i = 0; i < dims.count(); ++i)
    repeated.push_back(values[dims.place(i)]);
  Tensor<float> expanded(dims.count());
  run(Expand{dims.shape, dims.dims}, y, expanded);
  EXPECT_EQ(expanded.values(), repeated);
}

class RandomReduction : public testing::TestWithParam<int> {};

TEST_P(RandomReduction, isWhatItsDefinitionSays) {
  Random random(GetParam());
  check(randomDims(random), random);
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomReduction, testing::Range(0, 40));

// Those that networks have: of the last dimension, of the pixels of an image, of all but the
// channels, of everything; few results of many elements, and many of few.
class UsualReduction : public testing::TestWithParam<Dims> {};

TEST_P(UsualReduction, isWhatItsDefinitionSays) {
  Random random(7);
  check(GetParam(), random);
}
INSTANTIATE_TEST_SUITE_P(Of, UsualReduction,
                         testing::Values(Dims{{300, 77}, {1}}, Dims{{4, 100, 48}, {1}},
                                         Dims{{5000, 3}, {0}}, Dims{{2, 2500}, {0}},
                                         Dims{{70001}, {0}}, Dims{{40000, 2}, {1}},
                                         Dims{{3, 20000, 2}, {0, 2}},
                                         Dims{{9, 31, 5, 17}, {1, 3}}));

TEST(Max, ofOneThatIsNoNumberIsNone) {
  for (int at : {0, 20, 99}) {
    std::vector<float> x(100, 3);
    x[at] = std::numeric_limits<float>::quiet_NaN();
    Tensor<float> row(1), columns(4);
    run(Max{{100}, {0}}, Tensor(x), row);
    EXPECT_TRUE(std::isnan(row.values()[0])) << at;
    run(Max{{25, 4}, {0}}, Tensor(x), columns);
    EXPECT_TRUE(std::isnan(columns.values()[at % 4])) << at;
    EXPECT_EQ(columns.values()[(at + 1) % 4], 3) << at;
  }
}

// Each term alone would be lost beside the sum so far in f32.
TEST(Sum, ofManySmallNumbersIsNotLost) {
  const int64_t count = 1 << 18;
  const Tensor x(std::vector<float>(count, 0.1f));
  Tensor<float> row(1), columns(2);
  run(Sum{{count}, {0}}, x, row);
  expectClose(row, {0.1f * static_cast<double>(count)}, 1e-7);
  run(Sum{{count / 2, 2}, {0}}, x, columns);
  expectClose(columns, std::vector<double>(2, 0.1f * static_cast<double>(count) / 2), 1e-7);
}

} // namespace
