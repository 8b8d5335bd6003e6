#include "autopar/core/Initialise.h"
#include "autopar/core/Shard.h"

#include "Meshes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

using namespace autopar;

namespace {

std::vector<float> initialised(Variable variable, const Place &place, uint64_t seed = 0) {
  const Shard shard(place, variable.shape, variable.split);
  variable.bytes = elements(shard.shape()) * sizeof(float);
  Arena arena(variable.bytes);
  initialise({&variable, 1}, seed, place, arena);
  const float *values = arena.at<float>(0, shard.shape());
  return {values, values + elements(shard.shape())};
}

using meshes::one, meshes::four;

Variable weight(Initialiser initialiser) {
  return {.name = "weight", .shape = {100, 200}, .initialiser = initialiser};
}

} // namespace

TEST(Initialise, AnyMeshBeginsWithTheSameNumbers) {
  Variable variable = weight(Initialiser::normal(1));
  const std::vector<float> whole = initialised(variable, Place(one, 0));
  variable.split = {{0}, {1}};
  for (int rank = 0; rank < 4; ++rank) {
    const Place place(four, rank);
    const std::vector<float> part = initialised(variable, place);
    Shard(place, variable.shape, variable.split)
        .forEachRun([&](int64_t from, int64_t to, int64_t count) {
          for (int64_t i = 0; i < count; ++i)
            ASSERT_EQ(part[to + i], whole[from + i]);
        });
  }
}

TEST(Initialise, NormalHasItsMoments) {
  const auto values = initialised(weight(Initialiser::normal(0.5)), Place(one, 0));
  double sum = 0, squares = 0;
  for (float value : values) {
    sum += value;
    squares += double(value) * value;
  }
  const auto n = static_cast<double>(values.size()); // 20000
  EXPECT_NEAR(sum / n, 0, 0.5 * 4 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(squares / n), 0.5, 0.5 * 4 / std::sqrt(2 * n));
}

TEST(Initialise, UniformFillsItsInterval) {
  const auto values = initialised(weight(Initialiser::uniform(0.1)), Place(one, 0));
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  EXPECT_GE(*least, -0.1f);
  EXPECT_LE(*most, 0.1f);
  EXPECT_LT(*least, -0.0999f);
  EXPECT_GT(*most, 0.0999f);
}

TEST(Initialise, ConstantIsThatEverywhere) {
  for (float value : initialised(weight(Initialiser::constant(3)), Place(one, 0)))
    ASSERT_EQ(value, 3);
}

TEST(Initialise, SeedChangesTheNumbers) {
  const Variable variable = weight(Initialiser::normal(1));
  EXPECT_NE(initialised(variable, Place(one, 0), 1), initialised(variable, Place(one, 0), 2));
}

TEST(Initialise, RefusesBytesThatAreNotTheShards) {
  Variable variable = weight(Initialiser::constant(0));
  variable.bytes = 4;
  Arena arena(100 * 200 * 4);
  EXPECT_THROW(initialise({&variable, 1}, 0, Place(one, 0), arena), std::invalid_argument);
}

TEST(PlaceConstants, EachRankHasItsPart) {
  std::vector<int32_t> numbers(24);
  for (int32_t i = 0; i < 24; ++i)
    numbers[i] = 100 - i;
  Constant constant{.name = "positions",
                    .type = DataType::I32,
                    .shape = {4, 6},
                    .split = {{0}, {1}},
                    .offset = 64,
                    .bytes = 24,
                    .numbers = reinterpret_cast<const unsigned char *>(numbers.data())};
  for (int rank = 0; rank < 4; ++rank) {
    const Place place(four, rank);
    Arena arena(128);
    placeConstants({&constant, 1}, place, arena);
    const int32_t *part = arena.at<int32_t>(64, {2, 3});
    for (int row = 0; row < 2; ++row)
      for (int column = 0; column < 3; ++column)
        EXPECT_EQ(part[row * 3 + column],
                  numbers[(rank / 2 * 2 + row) * 6 + rank % 2 * 3 + column]);
  }
  constant.bytes = 96;
  Arena arena(256);
  EXPECT_THROW(placeConstants({&constant, 1}, Place(four, 0), arena), std::invalid_argument);
}
