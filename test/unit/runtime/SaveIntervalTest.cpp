#include "autopar/core/SaveInterval.h"

#include <gtest/gtest.h>

using namespace autopar;
using namespace std::chrono_literals;

TEST(SaveIntervalTest, IsStepsOrATime) {
  EXPECT_EQ(SaveInterval::of("500")->steps, 500);
  EXPECT_EQ(SaveInterval::of("500")->time, 0s);
  EXPECT_EQ(SaveInterval::of("90s")->time, 90s);
  EXPECT_EQ(SaveInterval::of("10min")->time, 10min);
  EXPECT_EQ(SaveInterval::of("2h")->time, 2h);
  EXPECT_EQ(SaveInterval::of("2h")->steps, 0);
}

TEST(SaveIntervalTest, IsNoOtherText) {
  for (const char *text : {"", "0", "-1", "1.5", "s", "min", "0s", "-2h", "1.5h", "10m", "10ms",
                           "10 min", "1d", "2H", "99999999999999999999h", "1h30min"})
    EXPECT_FALSE(SaveInterval::of(text)) << text;
}
