#include "autopar/core/guard/LossWindow.h"

#include <gtest/gtest.h>

using namespace autopar;

TEST(LossWindowTest, SaysNothingOfTooFew) {
  LossWindow window;
  for (int i = 0; i < 7; ++i)
    window.add(1);
  EXPECT_FALSE(window.median());
  window.add(1);
  EXPECT_EQ(window.median(), 1);
  window.clear();
  EXPECT_FALSE(window.median());
}

TEST(LossWindowTest, IsNotMovedByAnOutlier) {
  LossWindow window;
  for (double loss : {3., 1e30, 1., 2., 5., 4., 7., 6.})
    window.add(loss);
  EXPECT_EQ(window.median(), 4); // of 1 2 3 4 | 5 6 7 1e30 the lower middle
}

TEST(LossWindowTest, ForgetsTheOldest) {
  LossWindow window;
  for (int i = 0; i < 100; ++i)
    window.add(i);
  EXPECT_EQ(window.size(), 32u);
  EXPECT_EQ(window.median(), 83); // of 68 to 99
}
