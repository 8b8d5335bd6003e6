// Convolution and its gradients against the seven loops of its definition.
#include "Convolution.h"
#include "Random.h"
#include "Tensor.h"

using namespace autopar::conformance;

namespace {

void checkAgainstDefinition(const Conv2dShape &shape, Random &random) {
  SCOPED_TRACE(named(shape));
  const auto x = random.normal(inputSize(shape)), w = random.normal(weightSize(shape)),
             dy = random.normal(outputSize(shape));
  std::vector<double> y(dy.size()), dx(x.size()), dw(w.size());
  forEachProduct(shape, [&](int64_t atX, int64_t atW, int64_t atY) {
    y[atY] += double(x[atX]) * w[atW];
    dx[atX] += double(dy[atY]) * w[atW];
    dw[atW] += double(dy[atY]) * x[atX];
  });

  Tensor<float> actualY(y.size()), actualDx(dx.size()), actualDw(dw.size());
  run(Conv2dForward(shape), Tensor(x), Tensor(w), actualY);
  run(Conv2dInputGrad(shape), Tensor(dy), Tensor(w), actualDx);
  run(Conv2dWeightGrad(shape), Tensor(x), Tensor(dy), actualDw);
  expectClose(actualY, y);
  expectClose(actualDx, dx);
  expectClose(actualDw, dw);
}

class RandomConv2d : public testing::TestWithParam<int> {};

TEST_P(RandomConv2d, equalsItsDefinition) {
  Random random(GetParam());
  checkAgainstDefinition(randomConv2d(random, 1, 12), random);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomConv2d, testing::Range(0, 60));

// The kinds of convolutions that networks are made of, in sizes the loops can follow.
TEST(Conv2d, stemOnThreeChannels) {
  Random random(1);
  checkAgainstDefinition({.batch = 2,
                          .height = 32,
                          .width = 30,
                          .channels = 3,
                          .filters = 64,
                          .kernelH = 7,
                          .kernelW = 7,
                          .strideH = 2,
                          .strideW = 2,
                          .padTop = 3,
                          .padLeft = 3,
                          .padBottom = 3,
                          .padRight = 3},
                         random);
}

TEST(Conv2d, pointwise) {
  Random random(2);
  for (int64_t stride : {1, 2})
    for (int64_t channels : {64, 96, 130})
      checkAgainstDefinition({.batch = 2,
                              .height = 7,
                              .width = 7,
                              .channels = channels,
                              .filters = 256,
                              .kernelH = 1,
                              .kernelW = 1,
                              .strideH = stride,
                              .strideW = stride},
                             random);
}

// What a shard of a narrow network's shortcut has: less than a vector's width of channels.
TEST(Conv2d, pointwiseOfFewChannels) {
  Random random(5);
  for (int64_t stride : {2, 3})
    for (int64_t size : {7, 8, 16})
      for (int64_t channels : {1, 2, 3, 4, 6, 9, 12})
        checkAgainstDefinition({.batch = 2,
                                .height = size,
                                .width = size,
                                .channels = channels,
                                .filters = 16,
                                .kernelH = 1,
                                .kernelW = 1,
                                .strideH = stride,
                                .strideW = stride},
                               random);
}

TEST(Conv2d, threeByThree) {
  Random random(3);
  for (int64_t stride : {1, 2})
    for (int64_t size : {4, 14})
      checkAgainstDefinition({.batch = 1,
                              .height = size,
                              .width = size,
                              .channels = 64,
                              .filters = 128,
                              .kernelH = 3,
                              .kernelW = 3,
                              .strideH = stride,
                              .strideW = stride,
                              .padTop = 1,
                              .padLeft = 1,
                              .padBottom = 1,
                              .padRight = 1},
                             random);
}

TEST(Conv2d, depthwise) {
  Random random(4);
  for (int64_t channels : {24, 64})
    checkAgainstDefinition({.batch = 2,
                            .height = 9,
                            .width = 9,
                            .channels = channels,
                            .filters = channels,
                            .kernelH = 3,
                            .kernelW = 3,
                            .padTop = 1,
                            .padLeft = 1,
                            .padBottom = 1,
                            .padRight = 1,
                            .groups = channels},
                           random);
}

TEST(Conv2d, refusesWindowsThatDoNotFit) {
  const Conv2dShape shape{.batch = 1,
                          .height = 4,
                          .width = 4,
                          .channels = 2,
                          .filters = 2,
                          .kernelH = 3,
                          .kernelW = 3,
                          .dilationH = 2};
  EXPECT_THROW(Conv2dForward{shape}, std::invalid_argument);
  EXPECT_THROW(Conv2dInputGrad{shape}, std::invalid_argument);
  EXPECT_THROW(Conv2dWeightGrad{shape}, std::invalid_argument);
}

TEST(Conv2d, refusesGroupsThatDoNotDivide) {
  const Conv2dShape shape{.batch = 1,
                          .height = 4,
                          .width = 4,
                          .channels = 6,
                          .filters = 4,
                          .kernelH = 1,
                          .kernelW = 1,
                          .groups = 3};
  EXPECT_THROW(Conv2dForward{shape}, std::invalid_argument);
}

} // namespace
