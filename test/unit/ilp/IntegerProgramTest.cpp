// The integer program alone, on models that no presolve has touched.

#include "RandomProblem.h"
#include "compiler/solvers/ilp/IntegerProgram.h"

#include <gtest/gtest.h>

using namespace autopar::ilp;

static ProgramOptions patient() {
  ProgramOptions options;
  static RunClock clock = RunClock::endless();
  options.clock = &clock;
  return options;
}

TEST(IntegerProgram, AgreesWithBruteForce) {
  for (uint32_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem({.leastNodes = 4,
                                     .mostNodes = 9,
                                     .mostStrategies = 3,
                                     .edgesPerNode = 3,
                                     .neverShare = 0.1,
                                     .mostCost = 1000,
                                     .memory = seed % 4 != 0},
                                    seed);
    BruteForce best = tryEverything(problem);
    Model model(problem, true);
    if (model.infeasible) {
      EXPECT_FALSE(best.cost);
      continue;
    }
    std::vector<int> choice(model.variables.size(), 0);
    bool feasible = true;
    for (const std::vector<int> &part : connectedParts(model)) {
      ProgramResult result = solveForCost(model, part, patient());
      feasible &= result.kind == ProgramResult::Optimal;
      for (int v : part)
        choice[v] = result.choice[v];
    }
    ASSERT_EQ(feasible, best.cost.has_value());
    if (!feasible)
      continue;
    EXPECT_EQ(toString(check(problem, model.expand(choice)).cost), toString(*best.cost));
  }
}

TEST(IntegerProgram, NothingIsCheaperThanACutoffAtTheOptimum) {
  for (uint32_t seed = 0; seed < 60; ++seed) {
    Problem problem =
        randomProblem({.leastNodes = 4, .mostStrategies = 3, .edgesPerNode = 3, .memory = false},
                      seed);
    BruteForce best = tryEverything(problem);
    Model model(problem, true);
    std::vector<std::vector<int>> parts = connectedParts(model);
    if (!best.cost || parts.size() != 1)
      continue;
    ProgramOptions options = patient();
    options.cutoff = *best.cost;
    EXPECT_EQ(solveForCost(model, parts[0], options).kind, ProgramResult::Infeasible);
    options.cutoff = *best.cost + 1;
    EXPECT_EQ(solveForCost(model, parts[0], options).kind, ProgramResult::Optimal);
  }
}

TEST(IntegerProgram, PartsAreTiedByLinksAndByMemory) {
  Problem problem;
  problem.nodes.push_back({"", {0, 1}, {{0, 2, {3, 0}}}, {}});
  problem.nodes.push_back({"", {0, 1}, {{1, 3, {3, 0}}}, {}}); // overlaps the first
  problem.nodes.push_back({"", {0, 1}, {{5, 6, {3, 0}}}, {}});
  problem.nodes.push_back({"", {0, 1}, {}, {}});
  problem.edges.push_back({2, 3, {0, 1, 1, 0}});
  problem.usageLimit = 4;
  EXPECT_EQ(connectedParts(Model(problem, true)),
            (std::vector<std::vector<int>>{{0, 1}, {2, 3}}));
}
