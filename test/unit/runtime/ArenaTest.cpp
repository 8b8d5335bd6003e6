#include "autopar/core/Arena.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace autopar;

TEST(Arena, PeakIsTheHighestByteHandedOut) {
  Arena arena(4096);
  EXPECT_EQ(arena.peakBytes(), 0u);
  arena.at<float>(1024, {4, 4});
  EXPECT_EQ(arena.peakBytes(), 1024u + 64);
  arena.at<float>(0, {4, 4}); // lower down: the peak stays
  EXPECT_EQ(arena.peakBytes(), 1024u + 64);
  arena.at<double>(2048, {});
  EXPECT_EQ(arena.peakBytes(), 2048u + 8);
}

TEST(Arena, BeginsAsZerosAndAligned) {
  Arena arena(10000);
  const std::span<std::byte> all = arena.slice(0, 10000);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(all.data()) % 4096, 0u);
  for (std::byte byte : all)
    ASSERT_EQ(byte, std::byte(0));
}

TEST(Arena, RefusesWhatLeavesItOrIsNotAligned) {
  Arena arena(1024);
  EXPECT_NO_THROW(arena.at<float>(960, {16}));
  EXPECT_THROW(arena.at<float>(960, {17}), std::out_of_range);
  EXPECT_THROW(arena.at<float>(2048, {1}), std::out_of_range);
  EXPECT_THROW(arena.slice(64, SIZE_MAX), std::out_of_range);
  EXPECT_THROW(arena.at<float>(32, {1}), std::out_of_range);
}

TEST(Arena, PoisonReadsAsNaN) {
  Arena arena(256);
  float *values = arena.at<float>(0, {64});
  arena.poison(64, 128);
  EXPECT_EQ(values[15], 0);
  EXPECT_TRUE(std::isnan(values[16]));
  EXPECT_TRUE(std::isnan(*arena.at<double>(64, {})));
  EXPECT_EQ(*arena.at<int32_t>(64, {}), -1);
  EXPECT_EQ(values[32], 0);
}

TEST(ArenaDeathTest, AWriteBehindTheEndStopsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Arena arena(4096);
  float *values = arena.at<float>(0, {1024});
  EXPECT_DEATH(values[1024] = 1, "");
}

TEST(Arena, SaysWhenThereIsNotEnoughMemory) {
  EXPECT_THROW(Arena(size_t(1) << 60), std::runtime_error);
}
