// A measured process against its budget.

#include "autopar/core/ProcessBytes.h"

#include <gtest/gtest.h>

using namespace autopar;

TEST(ProcessBytes, AnExcessIsToldWithAllFigures) {
  constexpr Description description{.model = "m",
                                    .command = "",
                                    .arenaBytes = 700,
                                    .predicted = {.budgetBytes = 1000, .reserveBytes = 250}};
  EXPECT_EQ(excessOf(description, {.before = 90, .peak = 1000, .besideArena = 300}), "");
  EXPECT_EQ(excessOf(description, {.before = 90, .peak = 1001, .besideArena = 301}),
            "a rank's process has taken 1001 bytes of memory, and its budget is 1000: 301 beside "
            "the arena of 700, where 250 are reserved; compile with a larger --mem-budget, or for "
            "a device model with as many reserve_bytes");
  EXPECT_EQ(excessOf({.model = "m", .command = "", .arenaBytes = 700}, {.peak = 1 << 30}), ""); // no budget is known
}

TEST(ProcessBytes, OfSeveralRanksEachFigureIsTheLargest) {
  const ProcessBytes all = most(ProcessBytes{1, 20, 3, 400}, ProcessBytes{10, 2, 30, 40});
  EXPECT_EQ(all.before, 10u);
  EXPECT_EQ(all.peak, 20u);
  EXPECT_EQ(all.besideArena, 30u);
  EXPECT_EQ(all.ofDevice, 400u);
}
