// The least peak and its bound, with and without the help of CBC.

#include "compiler/solvers/ilp/LeastUsage.h"
#include "RandomProblem.h"
#include "compiler/solvers/ilp/DualAscent.h"

#include <gtest/gtest.h>

using namespace autopar::ilp;

TEST(LeastUsage, AgreesWithBruteForce) {
  for (uint32_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem =
        randomProblem({.leastNodes = 4, .mostNodes = 8, .mostStrategies = 3}, seed);
    BruteForce best = tryEverything(problem);
    std::optional<LeastUsage> least = leastUsage(problem);
    ASSERT_EQ(least.has_value(), best.leastPeak.has_value());
    if (!least)
      continue;
    EXPECT_TRUE(least->proven);
    EXPECT_EQ(toString(least->bytes), toString(*best.leastPeak));
    EXPECT_EQ(toString(check(problem, least->solution).peak), toString(*best.leastPeak));
  }
}

TEST(LeastUsage, StopsAtWhatIsEnough) {
  Problem problem;
  problem.nodes.push_back({"conv1", {1, 2}, {{0, 4, {6, 5}}}, {}});
  problem.nodes.push_back({"conv2", {1}, {{2, 6, {7}}}, {}});
  LeastUsageOptions options;
  options.enough = 13;
  std::optional<LeastUsage> least = leastUsage(problem, options);
  ASSERT_TRUE(least);
  EXPECT_LE(static_cast<int64_t>(least->bytes), 13);
}

/// With Aim::Peak the bound is on the bytes over the limit.
TEST(LeastUsage, DualAscentBoundsAreTrue) {
  int close = 0, all = 0;
  for (uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem(
        {.leastNodes = 4, .mostNodes = 8, .mostStrategies = 3, .neverShare = 0.5}, seed);
    BruteForce best = tryEverything(problem);
    Model model(problem, true);
    if (!best.leastPeak || model.infeasible || model.times.empty())
      continue;
    DualAscent dual(model, DualAscent::Aim::Peak);
    for (int round = 0; round < 300; ++round)
      dual.step();
    Int128 bound = model.limit + dual.certifiedBound();
    EXPECT_LE(static_cast<int64_t>(bound), static_cast<int64_t>(*best.leastPeak));
    close += bound + 1 >= *best.leastPeak;
    ++all;
  }
  EXPECT_GT(close, all / 2); // true but useless would pass otherwise
}
