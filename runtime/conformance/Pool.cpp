// Pooling and its gradients against loops over windows.
#include "Random.h"
#include "Shapes.h"
#include "Tensor.h"

using namespace autopar::conformance;

namespace {

size_t inputSize(const PoolShape &s) { return s.batch * s.height * s.width * s.channels; }
size_t outputSize(const PoolShape &s) {
  return s.batch * s.outputHeight() * s.outputWidth() * s.channels;
}

/// Calls visit(y, xs) with the offset of each output and those of its window's inputs, the
/// padding left out.
template <class Visit> void forEachWindow(const PoolShape &s, Visit visit) {
  int64_t y = 0;
  for (int64_t n = 0; n < s.batch; ++n)
    for (int64_t oh = 0; oh < s.outputHeight(); ++oh)
      for (int64_t ow = 0; ow < s.outputWidth(); ++ow)
        for (int64_t c = 0; c < s.channels; ++c) {
          std::vector<int64_t> xs;
          for (int64_t kh = 0; kh < s.kernelH; ++kh)
            for (int64_t kw = 0; kw < s.kernelW; ++kw) {
              const int64_t h = oh * s.strideH - s.padTop + kh;
              const int64_t w = ow * s.strideW - s.padLeft + kw;
              if (h >= 0 && h < s.height && w >= 0 && w < s.width)
                xs.push_back(((n * s.height + h) * s.width + w) * s.channels + c);
            }
          visit(y++, xs);
        }
}

void checkMax(const PoolShape &shape, Random &random) {
  const auto x = random.normal(inputSize(shape), -1), dy = random.normal(outputSize(shape));
  std::vector<double> y(dy.size()), dx(x.size());
  forEachWindow(shape, [&](int64_t out, const std::vector<int64_t> &window) {
    const int64_t best = *std::max_element(window.begin(), window.end(),
                                           [&](int64_t a, int64_t b) { return x[a] < x[b]; });
    y[out] = x[best];
    dx[best] += dy[out];
  });
  Tensor<float> actualY(y.size()), actualDx(dx.size());
  Tensor<uint8_t> indices(y.size());
  run(MaxPool(shape), Tensor(x), actualY, indices);
  run(MaxPoolGrad(shape), Tensor(dy), indices, actualDx);
  expectClose(actualY, y, 0);
  expectClose(actualDx, dx, 1e-6);
}

void checkAverage(const PoolShape &shape, Random &random) {
  const auto x = random.normal(inputSize(shape)), dy = random.normal(outputSize(shape));
  std::vector<double> y(dy.size()), dx(x.size());
  forEachWindow(shape, [&](int64_t out, const std::vector<int64_t> &window) {
    const double divisor =
        shape.countIncludePad ? shape.kernelH * shape.kernelW : window.size();
    for (int64_t in : window) {
      y[out] += x[in] / divisor;
      dx[in] += dy[out] / divisor;
    }
  });
  Tensor<float> actualY(y.size()), actualDx(dx.size());
  run(AvgPool(shape), Tensor(x), actualY);
  run(AvgPoolGrad(shape), Tensor(dy), actualDx);
  expectClose(actualY, y);
  expectClose(actualDx, dx);
}

class RandomPool : public testing::TestWithParam<int> {};

TEST_P(RandomPool, equalsItsDefinition) {
  Random random(GetParam());
  const int64_t kernelH = random.number(1, 4), kernelW = random.number(1, 4);
  // Padding is narrower than the window, so that each window has an input.
  const PoolShape shape{.batch = random.number(1, 3),
                        .height = random.number(kernelH, 15),
                        .width = random.number(kernelW, 15),
                        .channels = random.number(1, 70),
                        .kernelH = kernelH,
                        .kernelW = kernelW,
                        .strideH = random.number(1, 3),
                        .strideW = random.number(1, 3),
                        .padTop = random.number(0, kernelH - 1),
                        .padLeft = random.number(0, kernelW - 1),
                        .padBottom = random.number(0, kernelH - 1),
                        .padRight = random.number(0, kernelW - 1),
                        .countIncludePad = random.coin()};
  SCOPED_TRACE(named(shape));
  checkMax(shape, random);
  checkAverage(shape, random);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomPool, testing::Range(0, 40));

TEST(Pool, wholeImages) {
  Random random(1);
  for (int64_t channels : {10, 512})
    checkAverage(
        {.batch = 2, .height = 7, .width = 7, .channels = channels, .kernelH = 7, .kernelW = 7},
        random);
}

TEST(MaxPoolGrad, ofEqualElementsGivesToOne) {
  const PoolShape shape{
      .batch = 1, .height = 2, .width = 2, .channels = 3, .kernelH = 2, .kernelW = 2};
  const Tensor x(std::vector<float>(12, 5)), dy(std::vector<float>{1, 2, 3});
  Tensor<float> y(3), dx(12);
  Tensor<uint8_t> indices(3);
  run(MaxPool(shape), x, y, indices);
  run(MaxPoolGrad(shape), dy, indices, dx);
  const auto values = dx.values();
  for (int c = 0; c < 3; ++c) {
    float sum = 0, largest = 0;
    for (int i = c; i < 12; i += 3) {
      sum += values[i];
      largest = std::max(largest, values[i]);
    }
    EXPECT_EQ(sum, c + 1);
    EXPECT_EQ(largest, c + 1);
  }
}

TEST(MaxPool, refusesWindowsThatAByteCannotIndex) {
  const PoolShape shape{
      .batch = 1, .height = 20, .width = 20, .channels = 3, .kernelH = 16, .kernelW = 16};
  EXPECT_THROW(MaxPool{shape}, std::invalid_argument);
  EXPECT_NO_THROW(AvgPool{shape});
}

TEST(Pool, refusesWindowsThatDoNotFit) {
  const PoolShape shape{
      .batch = 1, .height = 2, .width = 4, .channels = 3, .kernelH = 3, .kernelW = 3};
  EXPECT_THROW(MaxPool{shape}, std::invalid_argument);
  EXPECT_THROW(AvgPoolGrad{shape}, std::invalid_argument);
}

} // namespace
