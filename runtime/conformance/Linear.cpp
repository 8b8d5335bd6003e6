// Fully connected layers against three loops, the bias against two.
#include "Random.h"
#include "Tensor.h"

using namespace autopar::conformance;

namespace {

class RandomLinear : public testing::TestWithParam<int> {};

TEST_P(RandomLinear, equalsItsDefinition) {
  Random random(GetParam());
  const LinearShape shape{.batch = random.pick<int64_t>({1, 2, 8, 33}),
                          .inputs = random.number(1, 150),
                          .outputs = random.pick<int64_t>({1, 10, 16, 100})};
  const int64_t batch = shape.batch, inputs = shape.inputs, outputs = shape.outputs;
  SCOPED_TRACE(testing::Message() << batch << " x " << inputs << " -> " << outputs);
  const auto x = random.normal(batch * inputs), w = random.normal(outputs * inputs),
             dy = random.normal(batch * outputs);
  std::vector<double> y(dy.size()), dx(x.size()), dw(w.size());
  for (int64_t n = 0; n < batch; ++n)
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t i = 0; i < inputs; ++i) {
        y[n * outputs + o] += double(x[n * inputs + i]) * w[o * inputs + i];
        dx[n * inputs + i] += double(dy[n * outputs + o]) * w[o * inputs + i];
        dw[o * inputs + i] += double(dy[n * outputs + o]) * x[n * inputs + i];
      }
  Tensor<float> actualY(y.size()), actualDx(dx.size()), actualDw(dw.size());
  run(LinearForward(shape), Tensor(x), Tensor(w), actualY);
  run(LinearInputGrad(shape), Tensor(dy), Tensor(w), actualDx);
  run(LinearWeightGrad(shape), Tensor(x), Tensor(dy), actualDw);
  expectClose(actualY, y);
  expectClose(actualDx, dx);
  expectClose(actualDw, dw);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomLinear, testing::Range(0, 30));

class RandomBias : public testing::TestWithParam<int> {};

TEST_P(RandomBias, isAddedToRowsAndGetsTheirSum) {
  Random random(GetParam());
  const int64_t rows = random.pick<int64_t>({1, 7, 64, 1000});
  const int64_t channels = random.pick<int64_t>({1, 10, 33, 1000, 1500});
  SCOPED_TRACE(testing::Message() << rows << " x " << channels);
  const auto x = random.normal(rows * channels), b = random.normal(channels);
  std::vector<double> y(x.size()), db(channels);
  for (size_t i = 0; i < x.size(); ++i) {
    y[i] = double(x[i]) + b[i % channels];
    db[i % channels] += x[i];
  }
  const Tensor inPlace(x);
  Tensor<float> actualY(y.size()), actualDb(channels);
  run(BiasAdd{rows, channels}, Tensor(x), Tensor(b), actualY);
  run(BiasGrad{rows, channels}, Tensor(x), actualDb);
  run(BiasAdd{rows, channels}, inPlace, Tensor(b), inPlace);
  expectClose(actualY, y, 1e-7);
  expectClose(actualDb, db, 1e-7);
  EXPECT_EQ(inPlace.values(), actualY.values());
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomBias, testing::Range(0, 20));

} // namespace
