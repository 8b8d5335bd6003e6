// Elimination alone, on models that no presolve has touched, against trying
// everything; and the bounds and candidates of its priced form.

#include "RandomProblem.h"
#include "compiler/solvers/ilp/PricedElimination.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace autopar::ilp;

static const RandomShape heavy = {.leastNodes = 3,
                                  .mostNodes = 9,
                                  .mostStrategies = 3,
                                  .edgesPerNode = 3,
                                  .neverShare = 0.4,
                                  .mostCost = 1000};

static RunClock endless = RunClock::endless();

TEST(Elimination, AgreesWithBruteForce) {
  for (uint32_t seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem(heavy, seed);
    problem.usageLimit.reset();
    BruteForce best = tryEverything(problem);
    Model model(problem, false);
    if (model.infeasible) {
      EXPECT_FALSE(best.cost);
      continue;
    }
    Elimination elimination(model);
    auto answer = elimination.solve(model.unaryCosts(), 1, endless);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->cost < never, best.cost.has_value());
    if (!best.cost)
      continue;
    EXPECT_EQ(toString(answer->cost), toString(*best.cost));
    EXPECT_EQ(toString(check(problem, model.expand(answer->choice)).cost),
              toString(*best.cost));
  }
}

TEST(Elimination, StopsWhenAsked) {
  RunClock over(0);
  Problem problem = randomProblem({.leastNodes = 5, .neverShare = 0, .memory = false}, 1);
  Model model(problem, false);
  Elimination elimination(model);
  EXPECT_FALSE(elimination.solve(model.unaryCosts(), 1, over));
}

/// A clique of 40 nodes of 8 strategies: 8^40 cells.
TEST(Elimination, KnowsWhatIsTooLarge) {
  Problem problem;
  for (int n = 0; n < 40; ++n)
    problem.nodes.push_back({"", std::vector<Cost>(8, n), {}, {}});
  for (int a = 0; a < 40; ++a)
    for (int b = 0; b < a; ++b)
      problem.edges.push_back({a, b, std::vector<Cost>(64, a + b)});
  EXPECT_TRUE(std::isinf(Elimination(Model(problem, false)).cells()));
}

TEST(PricedElimination, BoundsAreTrueAndCloseMany) {
  int closed = 0, all = 0;
  for (uint32_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem(heavy, seed);
    BruteForce best = tryEverything(problem);
    Model model(problem, true);
    if (!best.cost || model.infeasible)
      continue;
    Elimination elimination(model);
    PricedElimination priced(model, elimination, std::vector<double>(model.times.size(), 0));
    Int128 bound = 0;
    for (int round = 0; round < 100; ++round) {
      auto now = priced.step(*best.cost, endless);
      ASSERT_TRUE(now);
      ASSERT_FALSE(now->infeasible);
      ASSERT_LE(static_cast<int64_t>(now->bound), static_cast<int64_t>(*best.cost));
      bound = std::max(bound, now->bound);
    }
    closed += bound == *best.cost;
    ++all;
  }
  EXPECT_GT(closed, all / 2); // true but useless would pass otherwise
}
