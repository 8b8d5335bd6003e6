// The checker of memory plans, on plans that were broken on purpose.

#include "compiler/solvers/packing/Packing.h"

#include <gtest/gtest.h>

#include <random>

using namespace autopar;

namespace {

const std::vector<Buffer> two = {{"a", 0, 4, 64}, {"b", 3, 6, 100}};

void expectWrong(const std::optional<std::string> &wrong, const char *part) {
  ASSERT_TRUE(wrong) << part;
  EXPECT_NE(wrong->find(part), std::string::npos) << *wrong;
}

TEST(Check, AcceptsNeighbours) {
  EXPECT_EQ(check(two, {0, 64}, 164), std::nullopt);
  EXPECT_EQ(check(two, {128, 0}, 192), std::nullopt);
  // One ends where the other begins: the same bytes will do.
  EXPECT_EQ(check({{"a", 0, 3, 64}, {"b", 3, 6, 64}}, {0, 0}, 64), std::nullopt);
}

TEST(Check, SaysWhichTwoOverlapAndWhen) {
  auto wrong = check(two, {64, 0}, 192);
  expectWrong(wrong, "'a' at bytes [64, 128) over [0, 4)");
  expectWrong(wrong, "'b' at bytes [0, 100) over [3, 6)");
  expectWrong(wrong, "overlap from 3");
  expectWrong(check(two, {0, 0}, 192), "overlap");
}

TEST(Check, RejectsOtherFaults) {
  expectWrong(check(two, {0}, 192), "2 buffers but 1 offsets");
  expectWrong(check(two, {0, 64}, 163), "leaves the arena of 163");
  expectWrong(check(two, {0, -64}, 192), "leaves the arena");
  expectWrong(check(two, {0, 65}, 192), "not a multiple of 64");
  EXPECT_EQ(check(two, {0, 65}, 192, 1), std::nullopt);
  expectWrong(check(two, {0, 64}, 192, 0), "alignment is 0");
  expectWrong(check({{"a", 4, 0, 64}}, {0}, 64), "lives over [4, 0)");
}

TEST(Check, MembersOfAGroupShareTheirBytesAndNobodyElses) {
  std::vector<Buffer> buffers = {{"x", 0, 4, 64}, {"view", 2, 6, 128, 0}, {"z", 5, 7, 64}};
  EXPECT_EQ(check(buffers, {0, 0, 128}, 192), std::nullopt);
  expectWrong(check(buffers, {0, 128, 64}, 256), "must share the offset of 'x'");
  expectWrong(check(buffers, {0, 0, 64}, 192), "overlap from 5");
  buffers[1].sameOffsetAs = 7;
  expectWrong(check(buffers, {0, 0, 128}, 192), "shares the offset of buffer 7 of 3");
}

TEST(Check, FindsAnyOverlapThatComparingAllPairsFinds) {
  std::mt19937 random(1);
  int overlapping = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<Buffer> buffers;
    std::vector<int64_t> offsets;
    for (int i = 0; i < 5; ++i) {
      int64_t begin = random() % 12;
      buffers.push_back({"", begin, begin + static_cast<int64_t>(random() % 4),
                         static_cast<int64_t>(random() % 8)});
      offsets.push_back(random() % 24);
    }
    bool expected = false;
    for (int i = 0; i < 5; ++i)
      for (int j = 0; j < i; ++j)
        expected |= std::max(buffers[i].begin, buffers[j].begin) <
                        std::min(buffers[i].end, buffers[j].end) &&
                    std::max(offsets[i], offsets[j]) <
                        std::min(offsets[i] + buffers[i].bytes, offsets[j] + buffers[j].bytes);
    EXPECT_EQ(check(buffers, offsets, 32, 1).has_value(), expected);
    overlapping += expected;
  }
  EXPECT_GT(overlapping, 300);
  EXPECT_LT(overlapping, 2700);
}

} // namespace
