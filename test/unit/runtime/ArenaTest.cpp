#include "autopar/core/Arena.h"

#include <gtest/gtest.h>

#include <csignal>

using namespace autopar;

TEST(Arena, KnowsWhatItHasHandedOut) {
  Arena arena(4096);
  arena.at<float>(1024, {4, 4});
  arena.at<double>(0, {});
  ASSERT_EQ(arena.slices().size(), 2u);
  EXPECT_EQ(arena.slices()[0].begin, 1024u);
  EXPECT_EQ(arena.slices()[0].end, 1024u + 64);
  EXPECT_EQ(arena.slices()[1].end, 8u);
}

TEST(Arena, IsCountedByTheSystem) {
  constexpr size_t bytes = size_t(64) << 20;
  Arena arena(bytes);
  const size_t before = arena.processBytesBefore(), peak = arena.memory().processPeakBytes();
  EXPECT_GT(before, 0u);
  EXPECT_GE(peak, bytes);
  Arena another(2 * bytes); // beside the first: the most is that of both
  EXPECT_GE(another.memory().processPeakBytes(), 3 * bytes);
  EXPECT_GE(another.processBytesBefore(), bytes);
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

TEST(ArenaDeathTest, AnAccessBesideItEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Arena arena(4096);
  float *values = arena.at<float>(0, {1024});
  EXPECT_EXIT(values[1024] = 1, testing::ExitedWithCode(1),
              "error: the program has touched byte 4096 of an arena whose pages end at byte 4096");
  EXPECT_EXIT(values[-1] = 1, testing::ExitedWithCode(1),
              "error: the program has touched byte -4 of an arena");
  // Not by a word alone: by a whole row of a large table.
  EXPECT_EXIT(values[300'000] = 1, testing::ExitedWithCode(1), "touched byte 1200000");
}

TEST(ArenaDeathTest, OtherFaultsAreNotItsOwn) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Arena arena(4096);
#ifdef __SANITIZE_ADDRESS__
  EXPECT_EXIT(*reinterpret_cast<volatile int *>(64) = 1, testing::ExitedWithCode(1),
              "AddressSanitizer"); // which stands in the system's place
#else
  EXPECT_EXIT(*reinterpret_cast<volatile int *>(64) = 1, testing::KilledBySignal(SIGSEGV), "");
#endif
}

TEST(Arena, SaysWhenThereIsNotEnoughMemory) {
  EXPECT_THROW(Arena(size_t(1) << 60), std::runtime_error);
}
