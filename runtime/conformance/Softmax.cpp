// Softmax, causal and not, and its gradient against their definitions.
#include "Random.h"
#include "Tensor.h"

using namespace autopar::conformance;

namespace {

class RandomSoftmax : public testing::TestWithParam<int> {};

TEST_P(RandomSoftmax, equalsItsDefinition) {
  Random random(GetParam());
  const int64_t queries = random.pick<int64_t>({1, 7, 20}), columns = random.number(1, 300);
  const int64_t rows = queries * random.number(1, 8);
  const bool causal = random.coin();
  SCOPED_TRACE(testing::Message() << rows << " x " << columns << (causal ? " causal" : ""));
  const auto x = random.normal(rows * columns, 0, random.pick({1.0f, 50.0f})),
             dy = random.normal(rows * columns);
  std::vector<double> y(x.size()), dx(x.size());
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t seen = causal ? std::min(columns, r % queries + 1) : columns;
    double top = x[r * columns], sum = 0, product = 0;
    for (int64_t c = 0; c < seen; ++c)
      top = std::max<double>(top, x[r * columns + c]);
    for (int64_t c = 0; c < seen; ++c)
      sum += std::exp(x[r * columns + c] - top);
    for (int64_t c = 0; c < seen; ++c) {
      y[r * columns + c] = std::exp(x[r * columns + c] - top) / sum;
      product += y[r * columns + c] * dy[r * columns + c];
    }
    for (int64_t c = 0; c < columns; ++c)
      dx[r * columns + c] = y[r * columns + c] * (dy[r * columns + c] - product);
  }
  const Softmax softmax{rows, columns, causal, queries};
  const Tensor inPlace(x), overDy(dy);
  Tensor<float> actualY(y.size()), actualDx(dx.size());
  run(softmax, Tensor(x), actualY);
  run(softmax, inPlace, inPlace);
  run(SoftmaxGrad{rows, columns}, Tensor(dy), actualY, actualDx);
  run(SoftmaxGrad{rows, columns}, overDy, actualY, overDy);
  expectClose(actualY, y, 2e-6);
  expectClose(actualDx, dx, 2e-6, 1);
  EXPECT_EQ(inPlace.values(), actualY.values());
  EXPECT_EQ(overDy.values(), actualDx.values());
  const Tensor overY(actualY.values());
  run(SoftmaxGrad{rows, columns}, Tensor(dy), overY, overY);
  EXPECT_EQ(overY.values(), actualDx.values());
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomSoftmax, testing::Range(0, 30));

} // namespace
