// Rungs halve as they should, and lie around any number of bytes.
#include "compiler/driver/Ladder.h"

#include <gtest/gtest.h>

using namespace autopar;

namespace {

TEST(Ladder, HalvesInAsManyRungsAsItSays) {
  const Ladder ladder(1 << 20, 8);
  EXPECT_EQ(ladder.bytes(0), 1 << 20);
  EXPECT_EQ(ladder.bytes(8), 1 << 19);
  EXPECT_EQ(ladder.bytes(24), 1 << 17);
  EXPECT_EQ(ladder.between(1 << 20, 1 << 18), 16);
  EXPECT_EQ(ladder.between((1 << 18) + 1, 1 << 18), 0);
  EXPECT_EQ(ladder.between(1 << 18, 1 << 20), 0);
}

TEST(Ladder, HasOneRungAboveAndTheNextBelow) {
  const Ladder ladder(123456789, 512);
  for (int64_t bytes = 123456789; bytes > 1000000; bytes -= bytes / 777 + 1) {
    const int above = ladder.above(bytes);
    EXPECT_GE(ladder.bytes(above), bytes);
    EXPECT_LT(ladder.bytes(above + 1), bytes);
  }
  EXPECT_EQ(ladder.above(200000000), 0);
}

TEST(Ladder, EndsWhereRungsAreAByteOrNone) {
  const Ladder ladder(5, 512);
  EXPECT_GE(ladder.bytes(ladder.above(1)), 1);
  EXPECT_EQ(ladder.bytes(100000), 0);
  EXPECT_EQ(ladder.between(5, 0), 0);
}

} // namespace
