// The planner: the least arena of tiny problems against brute force, and what
// it promises on larger ones.

#include "compiler/solvers/packing/Packing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

using namespace autopar;

namespace {

/// Least arena over all orders of placing each buffer at its lowest offset:
/// some order gives an optimal packing (by rising offset of one, pushed down).
int64_t bruteForceArena(const std::vector<Buffer> &buffers) {
  std::vector<size_t> order(buffers.size());
  std::iota(order.begin(), order.end(), size_t(0));
  int64_t best = std::numeric_limits<int64_t>::max();
  do {
    std::vector<int64_t> top(buffers.size(), 0);
    int64_t arena = 0;
    for (size_t at = 0; at < order.size(); ++at) {
      const Buffer &buffer = buffers[order[at]];
      int64_t offset = 0;
      for (size_t below = 0; below < at; ++below) {
        const Buffer &other = buffers[order[below]];
        if (other.begin < buffer.end && buffer.begin < other.end)
          offset = std::max(offset, top[order[below]]);
      }
      top[order[at]] = offset + buffer.bytes;
      arena = std::max(arena, top[order[at]]);
    }
    best = std::min(best, arena);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

std::vector<Buffer> randomBuffers(std::mt19937 &random, int count, int64_t times, int64_t most) {
  std::vector<Buffer> buffers;
  for (int i = 0; i < count; ++i) {
    int64_t begin = random() % times;
    int64_t length = 1 + random() % std::max<int64_t>(1, times / 3);
    buffers.push_back({"b" + std::to_string(i), begin, begin + length,
                       1 + static_cast<int64_t>(random() % most)});
  }
  return buffers;
}

Packing packChecked(const std::vector<Buffer> &buffers, const PackOptions &options) {
  Packing packing = pack(buffers, options);
  EXPECT_NE(packing.status, PackStatus::Invalid) << packing.message;
  EXPECT_EQ(check(buffers, packing.offsets, packing.arenaBytes, options.alignment), std::nullopt);
  EXPECT_LE(packing.lowerBound, packing.arenaBytes);
  EXPECT_LE(packing.largestLiveSet, packing.lowerBound);
  return packing;
}

TEST(Pack, TinyProblemsEqualBruteForce) {
  std::mt19937 random(1);
  for (int round = 0; round < 400; ++round) {
    std::vector<Buffer> buffers = randomBuffers(random, 7, 9, 9);
    Packing packing = packChecked(buffers, {.alignment = 1});
    EXPECT_EQ(packing.status, PackStatus::Optimal);
    EXPECT_EQ(packing.arenaBytes, bruteForceArena(buffers)) << "round " << round;
  }
}

TEST(Pack, ProvesThatTheLargestLiveSetCannotBeMet) {
  // Full at each moment from 0 to 5, yet no packing is without a gap.
  std::vector<Buffer> buffers = {{"a", 0, 1, 2}, {"b", 0, 2, 2}, {"c", 1, 3, 1}, {"d", 1, 4, 1},
                                 {"e", 2, 3, 1}, {"f", 2, 4, 1}, {"g", 3, 5, 2}, {"h", 4, 7, 2}};
  Packing packing = packChecked(buffers, {.alignment = 1});
  EXPECT_EQ(packing.largestLiveSet, 4);
  EXPECT_EQ(packing.arenaBytes, 5);
  EXPECT_EQ(packing.lowerBound, 5);
  EXPECT_EQ(bruteForceArena(buffers), 5);
}

TEST(Pack, CapacityIsMetOrProvenTooSmall) {
  std::mt19937 random(2);
  for (int round = 0; round < 100; ++round) {
    std::vector<Buffer> buffers = randomBuffers(random, 7, 9, 9);
    int64_t least = bruteForceArena(buffers);
    Packing fits = packChecked(buffers, {.alignment = 1, .capacity = least});
    EXPECT_LE(fits.arenaBytes, least);
    Packing small = packChecked(buffers, {.alignment = 1, .capacity = least - 1});
    EXPECT_EQ(small.status, PackStatus::Infeasible);
    EXPECT_NE(small.message.find("no packing in " + std::to_string(least - 1)), std::string::npos);
  }
}

TEST(Pack, PacksTightWherePackingIsPossible) {
  // Cuts a full arena into buffers: a packing without a gap is known to exist.
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    struct Rectangle {
      int64_t begin, end, low, high;
    };
    std::vector<Rectangle> whole{{0, 256, 0, 256}};
    for (int cut = 0; cut < 150; ++cut) {
      size_t at = random() % whole.size();
      Rectangle &one = whole[at], other = one;
      if (random() % 2 && one.end - one.begin > 1) {
        one.end = other.begin = one.begin + 1 + random() % (one.end - one.begin - 1);
      } else if (one.high - one.low > 1) {
        one.high = other.low = one.low + 1 + random() % (one.high - one.low - 1);
      } else {
        continue;
      }
      whole.push_back(other);
    }
    std::vector<Buffer> buffers;
    for (const Rectangle &r : whole)
      buffers.push_back({"", r.begin, r.end, r.high - r.low});
    Packing packing = packChecked(buffers, {.alignment = 1});
    EXPECT_EQ(packing.arenaBytes, 256) << "round " << round;
  }
}

TEST(Pack, SizesAreRoundedToTheAlignment) {
  Packing packing = packChecked({{"a", 0, 2, 1}, {"b", 0, 2, 65}}, {});
  EXPECT_EQ(packing.arenaBytes, 64 + 128);
  EXPECT_EQ(packing.lowerBound, 64 + 128);
  EXPECT_EQ(packing.offsets[0] % 64, 0);
}

TEST(Pack, GroupsKeepOneOffset) {
  std::vector<Buffer> buffers = {
      {"x", 0, 4, 64}, {"inPlace", 4, 8, 64, 0}, {"view", 6, 9, 128, 1}, {"other", 0, 9, 64}};
  Packing packing = packChecked(buffers, {});
  EXPECT_EQ(packing.offsets[0], packing.offsets[1]);
  EXPECT_EQ(packing.offsets[0], packing.offsets[2]);
  EXPECT_EQ(packing.arenaBytes, 192); // the group is as large as its largest
}

TEST(Pack, EmptyBuffersTakeNoSpace) {
  Packing packing = packChecked({{"noBytes", 0, 4, 0}, {"noTime", 2, 2, 64}}, {});
  EXPECT_EQ(packing.arenaBytes, 0);
  EXPECT_EQ(packing.status, PackStatus::Optimal);
  EXPECT_EQ(packChecked({}, {}).arenaBytes, 0);
}

TEST(Pack, ManyBuffersOfATrainingStep) {
  // Forward values that end in the opposite order, gradients, workspaces.
  std::mt19937 random(4);
  std::vector<Buffer> buffers;
  const int layers = 1000;
  for (int i = 0; i < layers; ++i) {
    int64_t bytes = 64 * (1 + random() % 5000);
    buffers.push_back({"y" + std::to_string(i), i, 2 * layers - i, bytes});
    buffers.push_back({"dy" + std::to_string(i), 2 * layers - i - 1, 2 * layers - i + 1, bytes});
    buffers.push_back({"w" + std::to_string(i), i, i + 1, 64 * int64_t(random() % 20000)});
  }
  Packing packing = packChecked(buffers, {});
  EXPECT_LE(double(packing.arenaBytes), 1.02 * double(packing.largestLiveSet));
}

TEST(Pack, SameInputSamePlan) {
  std::mt19937 random(5);
  std::vector<Buffer> buffers = randomBuffers(random, 60, 40, 100);
  PackOptions options{.alignment = 1, .capacity = pack(buffers, {.alignment = 1}).arenaBytes};
  EXPECT_EQ(pack(buffers, options).offsets, pack(buffers, options).offsets);
}

TEST(Pack, BadInputIsNamed) {
  auto message = [](std::vector<Buffer> buffers, PackOptions options = {}) {
    Packing packing = pack(buffers, options);
    EXPECT_EQ(packing.status, PackStatus::Invalid);
    return packing.message;
  };
  EXPECT_EQ(message({{"a", 3, 1, 8}}), "buffer 'a' begins at 3 after its end at 1");
  EXPECT_EQ(message({{"a", 0, 1, -8}}), "buffer 'a' has -8 bytes");
  EXPECT_EQ(message({{"a", 0, 1, 8, 4}}), "buffer 'a' shares the offset of buffer 4 of 1");
  EXPECT_EQ(message({}, {.alignment = 0}), "alignment 0 must be at least 1");
  EXPECT_NE(message({{"a", 0, 1, int64_t(1) << 62}}).find("beyond 2^62"), std::string::npos);
  EXPECT_NE(message({{"a", INT64_MIN, INT64_MAX, 8}}).find("within 2^61"), std::string::npos);
}

} // namespace
