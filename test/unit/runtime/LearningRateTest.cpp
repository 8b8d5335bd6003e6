#include "autopar/core/LearningRate.h"

#include <gtest/gtest.h>

using namespace autopar;
using Schedule = LearningRate::Schedule;

TEST(LearningRate, WarmUpRisesToTheBaseAndNoFurther) {
  const LearningRate rate{.base = 0.8, .steps = 10, .warmup = 4};
  EXPECT_DOUBLE_EQ(rate.at(0), 0.2);
  EXPECT_DOUBLE_EQ(rate.at(1), 0.4);
  EXPECT_DOUBLE_EQ(rate.at(3), 0.8);
  EXPECT_DOUBLE_EQ(rate.at(4), 0.8);
  EXPECT_DOUBLE_EQ(rate.at(9), 0.8);
}

TEST(LearningRate, CosineFallsFromTheBaseTowardsZero) {
  const LearningRate rate{.base = 2, .schedule = Schedule::Cosine, .steps = 12, .warmup = 2};
  EXPECT_DOUBLE_EQ(rate.at(2), 2);
  EXPECT_DOUBLE_EQ(rate.at(7), 1); // half way of the ten steps after warm-up
  EXPECT_GT(rate.at(11), 0);
  EXPECT_LT(rate.at(11), 0.05);
}

TEST(LearningRate, StepCutsByGamma) {
  const LearningRate rate{
      .base = 1, .schedule = Schedule::Step, .steps = 9, .stepSize = 3, .gamma = 0.5};
  EXPECT_DOUBLE_EQ(rate.at(2), 1);
  EXPECT_DOUBLE_EQ(rate.at(3), 0.5);
  EXPECT_DOUBLE_EQ(rate.at(8), 0.25);
}
