#include "autopar/core/Shard.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

using namespace autopar;

namespace {

constexpr Mesh mesh{.sizes = {2, 3}, .axes = {"x", "y"}};

/// The shard's elements out of a tensor that holds its own indices.
std::vector<int64_t> gather(const Shard &shard) {
  std::vector<int64_t> local(elements(shard.shape()), -1);
  shard.forEachRun([&](int64_t from, int64_t to, int64_t count) {
    std::iota(local.begin() + to, local.begin() + to + count, from);
  });
  return local;
}

} // namespace

TEST(Place, CountsRowMajorOverAxes) {
  const Place place(mesh, 4); // (1, 1)
  EXPECT_EQ(place.coordinate(0), 1);
  EXPECT_EQ(place.coordinate(1), 1);
  EXPECT_EQ(place.block({}), 0);
  EXPECT_EQ(place.block({0}), 1);
  EXPECT_EQ(place.block({1}), 1);
  EXPECT_EQ(place.block({0, 1}), 4);
}

TEST(Shard, OfAWholeTensorIsOneRun) {
  int runs = 0;
  Shard(Place(mesh, 5), {4, 6}, {}).forEachRun([&](int64_t from, int64_t to, int64_t count) {
    ++runs;
    EXPECT_EQ(from, 0);
    EXPECT_EQ(to, 0);
    EXPECT_EQ(count, 24);
  });
  EXPECT_EQ(runs, 1);
}

TEST(Shard, OfAScalarIsTheScalar) {
  EXPECT_EQ(gather(Shard(Place(mesh, 5), {}, {})), std::vector<int64_t>{0});
}

TEST(Shard, SplitsSeveralDimensions) {
  // [2, 4, 6, 2]: y over dimension 2, x over dimension 1; rank (1, 2).
  const Shard shard(Place(mesh, 5), {2, 4, 6, 2}, {{}, {0}, {1}});
  EXPECT_EQ(shard.shape(), (Shape{2, 2, 2, 2}));
  EXPECT_EQ(shard.begin(1), 2);
  EXPECT_EQ(shard.begin(2), 4);
  std::vector<int64_t> expected;
  for (int64_t a : {0, 1})
    for (int64_t b : {2, 3})
      for (int64_t c : {4, 5})
        for (int64_t d : {0, 1})
          expected.push_back(((a * 4 + b) * 6 + c) * 2 + d);
  EXPECT_EQ(gather(shard), expected);
}

TEST(Shard, BlocksOverTwoAxesAreRowMajor) {
  EXPECT_EQ(gather(Shard(Place(mesh, 4), {12}, {{0, 1}})), (std::vector<int64_t>{8, 9}));
}

TEST(Shard, RefusesADimensionThatDoesNotDivide) {
  EXPECT_THROW(Shard(Place(mesh, 0), {4, 4}, {{}, {1}}), std::invalid_argument);
}

TEST(Shard, EachBlockHasOneOwner) {
  const Split overY = {{1}};
  std::vector<int> owners;
  for (int rank = 0; rank < 6; ++rank)
    if (ownsBlock(Place(mesh, rank), overY))
      owners.push_back(rank);
  EXPECT_EQ(owners, (std::vector<int>{0, 1, 2}));
}
