// The norm over several tensors, and the factor that clips by it.
#include "Random.h"
#include "Tensor.h"

#include <cmath>
#include <limits>

using namespace autopar::conformance;

namespace {

TEST(Norm, isThatOfAllTensorsTogether) {
  Random random(1);
  double expected = 0;
  std::vector<Tensor<double>> sums;
  for (int64_t count : {1, 1000, 16384, 16385, 100003}) {
    const auto x = random.normal(count);
    double squares = 0;
    for (float value : x)
      squares += double(value) * value;
    expected += squares;
    run(SquareSum{count}, Tensor(x), sums.emplace_back(1));
    expectClose(sums.back(), {squares}, 1e-12);
  }
  Tensor<double> total(1);
  runOnList(AddScalars{}, total, sums[0], sums[1], sums[2], sums[3], sums[4]);
  expectClose(total, {expected}, 1e-12);
}

TEST(Norm, clipsWhatIsLargerThanTheMaximum) {
  // Norms of 2, 0.5, 0.3 and 0 under a maximum of 0.5.
  for (auto [squares, factor] : {std::pair(4.0, 0.5 / (2 + 1e-6)),
                                 {0.25, 0.5 / (0.5 + 1e-6)},
                                 {0.09, 1.0},
                                 {0.0, 1.0}}) {
    Tensor<float> actual(1);
    run(ClipFactor{0.5}, Tensor(std::vector<double>{squares}), actual);
    expectClose(actual, {factor}, 1e-7);
  }
}

TEST(Norm, clipsNothingThatIsNotFinite) {
  for (double squares :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    Tensor<float> actual(1);
    run(ClipFactor{0.5}, Tensor(std::vector<double>{squares}), actual);
    EXPECT_TRUE(std::isnan(actual.values()[0])) << squares;
  }
}

TEST(Norm, unscalesWhatIsFinite) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  // Gradients of a loss times 8; their norm of 4 is one of 0.5 of the loss itself.
  for (auto [maximum, squares, factor] :
       {std::tuple(0.0, 16.0, 0.125),
        {1.0, 16.0, 0.125},
        {0.25, 16.0, 0.125 * 0.25 / (0.5 + 1e-6)},
        {0.0, infinity, 0.0},
        {0.25, -infinity, 0.0},
        {0.0, std::numeric_limits<double>::quiet_NaN(), 0.0}}) {
    Tensor<float> actual(1);
    run(UnscaleFactor{maximum}, Tensor(std::vector<double>{squares}),
        Tensor(std::vector<float>{8}), actual);
    expectClose(actual, {factor}, 1e-7);
  }
}

TEST(Norm, halvesTheScaleOfASkippedStep) {
  struct Case {
    float scale, goodSteps, skippedSteps, factor, newScale, newGoodSteps, newSkippedSteps;
  };
  for (const Case &c : {Case{8, 0, 5, 0.125f, 8, 1, 5},
                        {8, 2, 5, 0.125f, 16, 0, 5},
                        {8, 2, 5, 0, 4, 0, 6},
                        {1, 0, 0, 0, 0.5f, 0, 1},
                        {0.5f, 2, 0, 2, 1, 0, 0},
                        {0x1p-126f, 0, 0, 0, 0x1p-127f, 0, 1},
                        {0x1p127f, 2, 0, 0.125f, 0x1p127f, 0, 0}}) {
    const Tensor scale(std::vector<float>{c.scale}), good(std::vector<float>{c.goodSteps}),
        skipped(std::vector<float>{c.skippedSteps});
    run(NextLossScale{.interval = 3}, scale, good, skipped, Tensor(std::vector<float>{c.factor}),
        scale, good, skipped);
    EXPECT_EQ(scale.values(), std::vector<float>{c.newScale});
    EXPECT_EQ(good.values(), std::vector<float>{c.newGoodSteps});
    EXPECT_EQ(skipped.values(), std::vector<float>{c.newSkippedSteps});
  }
}

TEST(Norm, aStepThatIsSkippedIsNotCounted) {
  const Tensor state(std::vector<int64_t>{9, 40});
  for (auto [steps, factor, newSteps] :
       {std::tuple(0.0f, 0.125f, 1.0f), {3.0f, 0.125f, 4.0f}, {3.0f, 0.0f, 3.0f}}) {
    const Tensor count(std::vector<float>{steps});
    Tensor<int64_t> taken(2);
    run(StepsTaken{}, state, count, Tensor(std::vector<float>{factor}), taken, count);
    EXPECT_EQ(taken.values(), (std::vector<int64_t>{9, int64_t(steps)}));
    EXPECT_EQ(count.values(), std::vector<float>{newSteps});
  }
  // Where no step is skipped each is counted.
  const Tensor count(std::vector<float>{7});
  Tensor<int64_t> taken(2);
  run(StepsTaken{}, state, count, taken, count);
  EXPECT_EQ(taken.values(), (std::vector<int64_t>{9, 7}));
  EXPECT_EQ(count.values(), std::vector<float>{8});
}

} // namespace
