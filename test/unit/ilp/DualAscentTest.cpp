// Bounds must be true, also where no presolve has made the problem tame, and
// what they prune must leave an optimum.

#include "RandomProblem.h"
#include "compiler/solvers/ilp/DualAscent.h"

#include <gtest/gtest.h>

using namespace autopar::ilp;

static const RandomShape dense = {.leastNodes = 4,
                                  .mostNodes = 8,
                                  .mostStrategies = 3,
                                  .edgesPerNode = 3,
                                  .neverShare = 0.1,
                                  .mostCost = 1000};

TEST(DualAscent, BoundsAreTrueAtEveryRound) {
  int closed = 0;
  for (uint32_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem(dense, seed);
    BruteForce best = tryEverything(problem);
    Model model(problem, true);
    if (!best.cost || model.infeasible)
      continue;
    DualAscent dual(model);
    for (int round = 0; round < 60; ++round) {
      dual.step();
      ASSERT_LE(dual.bound(), static_cast<double>(*best.cost) + 1e-6);
      ASSERT_LE(toString(*best.cost - dual.certifiedBound())[0], '9'); // not negative
    }
    EXPECT_GE(static_cast<double>(dual.certifiedBound()), dual.bound() - 1e-3);
    closed += dual.certifiedBound() == *best.cost;
  }
  EXPECT_GT(closed, 50); // bounds that are true but useless would pass otherwise
}

TEST(DualAscent, PruningLeavesAnOptimum) {
  int64_t pruned = 0;
  for (uint32_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem(dense, seed);
    BruteForce best = tryEverything(problem);
    Model model(problem, true);
    if (!best.cost || model.infeasible)
      continue;
    DualAscent dual(model);
    for (int round = 0; round < 40; ++round)
      dual.step();
    // Forbid in the problem what is pruned for solutions below optimum + 1.
    DualAscent::Prunable prunable = dual.prune(static_cast<double>(*best.cost) + 1);
    for (auto &[v, keep] : prunable.keep)
      for (size_t s = 0; s < keep.size(); ++s)
        if (!keep[s]) {
          problem.nodes[v].costs[model.variables[v].ids[s]] = never;
          ++pruned;
        }
    for (auto &[l, pairs] : prunable.pairs)
      for (auto [s, t] : pairs) {
        const Link &link = model.links[l];
        size_t rows = problem.nodes[link.a].costs.size();
        size_t columns = problem.nodes[link.b].costs.size();
        Edge forbidden{link.a, link.b, std::vector<Cost>(rows * columns, 0)};
        forbidden.costs[model.variables[link.a].ids[s] * columns +
                        model.variables[link.b].ids[t]] = never;
        problem.edges.push_back(forbidden);
        ++pruned;
      }
    BruteForce after = tryEverything(problem);
    ASSERT_TRUE(after.cost);
    EXPECT_EQ(toString(*after.cost), toString(*best.cost));
  }
  EXPECT_GT(pruned, 1000);
}

TEST(DualAscent, AdoptedShiftsKeepTheBound) {
  Problem problem = randomProblem(dense, 4);
  Model model(problem, true);
  DualAscent first(model);
  for (int round = 0; round < 40; ++round)
    first.step();
  first.restoreBest();
  DualAscent second(model);
  second.adopt(first);
  second.step();
  EXPECT_GE(second.bound(), first.bound() - 1e-6);
}
