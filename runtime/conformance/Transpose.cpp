// Transposition against the definition, for random shapes and orders.
#include "Random.h"
#include "Tensor.h"

using namespace autopar;
using namespace autopar::conformance;

namespace {

class RandomTranspose : public testing::TestWithParam<int> {};

TEST_P(RandomTranspose, equalsItsDefinition) {
  Random random(GetParam());
  Shape shape, permutation;
  const int64_t dims = random.number(0, 5);
  for (int64_t dim = 0; dim < dims; ++dim) {
    shape.push_back(random.pick<int64_t>({1, 2, 5, 16, 17}));
    permutation.push_back(dim);
  }
  for (int i = permutation.size() - 1; i > 0; --i)
    std::swap(permutation[i], permutation[static_cast<int>(random.number(0, i))]);
  SCOPED_TRACE(toString(shape) + " as " + toString(permutation));

  const auto x = random.normal(elements(shape));
  std::vector<float> expected;
  for (int64_t to = 0; to < elements(shape); ++to) {
    Shape index = shape; // of the element in x
    int64_t rest = to;
    for (int dim = permutation.size() - 1; dim >= 0; --dim) {
      const auto from = static_cast<int>(permutation[dim]);
      index[from] = rest % shape[from];
      rest /= shape[from];
    }
    int64_t from = 0;
    for (int dim = 0; dim < shape.size(); ++dim)
      from = from * shape[dim] + index[dim];
    expected.push_back(x[from]);
  }
  Tensor<float> y(x.size());
  run(Transpose{shape, permutation}, Tensor(x), y);
  EXPECT_EQ(y.values(), expected);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomTranspose, testing::Range(0, 60));

TEST(Transpose, refusesWhatIsNoOrderOfTheDimensions) {
  const Tensor x(std::vector<float>(6));
  Tensor<float> y(6);
  for (const Shape &permutation : {Shape{0}, Shape{0, 0}, Shape{0, 2}}) {
    const Transpose transpose{{2, 3}, permutation};
    EXPECT_THROW(run(transpose, x, y), std::invalid_argument);
  }
}

} // namespace
