#include "autopar/core/Philox.h"

#include <gtest/gtest.h>

using namespace autopar;
using Words = std::array<uint32_t, 4>;

// The known answers that come with Random123, its authors' own library.
TEST(Philox, GivesTheKnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
            (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox({ones, ones, ones, ones}, {ones, ones}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, DiffersBySeedNameAndIndex) {
  const RandomStream stream(1, "conv1.weight");
  EXPECT_EQ(stream.bits(7), RandomStream(1, "conv1.weight").bits(7));
  EXPECT_NE(stream.bits(7), RandomStream(2, "conv1.weight").bits(7));
  EXPECT_NE(stream.bits(7), RandomStream(1, "conv2.weight").bits(7));
  EXPECT_NE(stream.bits(7), stream.bits(8));
  EXPECT_NE(stream.bits(7), stream.bits(7 + (uint64_t(1) << 32)));
}

TEST(RandomStream, UnitLiesStrictlyBetweenZeroAndOne) {
  EXPECT_GT(RandomStream::unit(0), 0);
  EXPECT_LT(RandomStream::unit(0xffffffff), 1);
}

TEST(RandomStream, BelowReachesEveryValueAboutAsOften) {
  const RandomStream stream(3, "dice");
  std::array<int, 6> counts = {};
  for (int i = 0; i < 6000; ++i)
    ++counts[stream.below(6, i)];
  for (int count : counts) // 1000 expected, standard deviation 29
    EXPECT_NEAR(count, 1000, 150);
}
