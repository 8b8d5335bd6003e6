// The checker: what it must accept, and that no corruption slips through.

#include "RandomProblem.h"

#include <gtest/gtest.h>

using namespace autopar::ilp;

/// Two nodes of 6 and 5 bytes that overlap over [2, 4).
static Problem pair() {
  Problem problem;
  problem.nodes.push_back({"conv1", {1, 2}, {{0, 4, {6, 3}}}, {"S0R", "RR"}});
  problem.nodes.push_back({"conv2", {4, 8}, {{2, 6, {5, 2}}}, {}});
  problem.edges.push_back({0, 1, {10, never, 30, 40}});
  problem.usageLimit = 10;
  return problem;
}

TEST(Check, AddsNodesAndEdges) {
  Evaluation evaluation = check(pair(), {1, 0});
  EXPECT_TRUE(evaluation.feasible) << evaluation.whyNot;
  EXPECT_EQ(toString(evaluation.cost), "36"); // 2 + 4 + 30
  EXPECT_EQ(toString(evaluation.peak), "8");  // 3 + 5
  EXPECT_EQ(evaluation.peakTime, 2);
}

TEST(Check, RejectsTooMuchMemory) {
  Evaluation evaluation = check(pair(), {0, 0});
  EXPECT_FALSE(evaluation.feasible);
  EXPECT_EQ(evaluation.whyNot, "at time 2 the usage is 11, over the limit of 10");
}

TEST(Check, RejectsPairsThatMayNeverMeet) {
  Evaluation evaluation = check(pair(), {0, 1});
  EXPECT_FALSE(evaluation.feasible);
  EXPECT_EQ(evaluation.whyNot, "conv1 with S0R may never meet conv2 with strategy 1");
}

TEST(Check, RejectsWhatIsNoSolution) {
  EXPECT_FALSE(check(pair(), {0}).feasible);
  EXPECT_FALSE(check(pair(), {0, 0, 0}).feasible);
  EXPECT_FALSE(check(pair(), {2, 0}).feasible);
  EXPECT_FALSE(check(pair(), {-1, 0}).feasible);
}

TEST(Check, HalfOpenIntervalsDoNotOverlapAtTheirEnds) {
  Problem problem = pair();
  problem.nodes[1].uses[0].begin = 4;
  EXPECT_TRUE(check(problem, {0, 0}).feasible);
}

TEST(Check, EmptyIntervalsHoldNothing) {
  Problem problem = pair();
  problem.nodes[1].uses[0].end = 2;
  EXPECT_EQ(toString(check(problem, {0, 0}).peak), "6");
}

TEST(Check, SumsNeedMoreThan64Bits) {
  Problem problem;
  Bytes huge = std::numeric_limits<Bytes>::max();
  for (int n = 0; n < 3; ++n)
    problem.nodes.push_back({"", {0}, {{0, 1, {huge}}}, {}});
  EXPECT_EQ(toString(check(problem, {0, 0, 0}).peak), "27670116110564327421");
}

TEST(Check, EveryChangeOfAStrategyIsNoticed) {
  RandomShape shape;
  shape.memory = false;
  shape.mostCost = 1'000'000'000; // so that two solutions hardly cost the same
  for (uint32_t seed = 0; seed < 200; ++seed) {
    Problem problem = randomProblem(shape, seed);
    Solution solution = tryEverything(problem).solution;
    if (solution.empty())
      continue;
    Evaluation best = check(problem, solution);
    for (size_t n = 0; n < solution.size(); ++n) {
      Solution corrupted = solution;
      if (++corrupted[n] == static_cast<int>(problem.nodes[n].costs.size()))
        continue;
      Evaluation worse = check(problem, corrupted);
      EXPECT_TRUE(!worse.feasible || worse.cost > best.cost) << "seed " << seed;
    }
  }
}

TEST(Validate, NamesThePlace) {
  auto fault = [](auto change) {
    Problem problem = pair();
    change(problem);
    return validate(problem).value_or("");
  };
  EXPECT_EQ(fault([](Problem &) {}), "");
  EXPECT_EQ(fault([](Problem &p) { p.nodes[1].costs.clear(); }), "conv2 has no strategy");
  EXPECT_EQ(fault([](Problem &p) { p.edges[0].costs.pop_back(); }),
            "edge 0 from conv1 to conv2 has 3 costs; its ends have 2 x 2 strategies");
  EXPECT_EQ(fault([](Problem &p) { p.edges[0].to = 7; }),
            "edge 0 joins node 7, but there are only 2 nodes");
  EXPECT_EQ(fault([](Problem &p) { p.nodes[0].uses[0].end = -1; }),
            "conv1 has a negative interval [0, -1)");
  EXPECT_EQ(fault([](Problem &p) { p.nodes[0].uses[0].bytes.push_back(1); }),
            "conv1 has 2 strategies but 3 usages");
  EXPECT_EQ(fault([](Problem &p) { p.nodes[0].uses[0].bytes[1] = -5; }),
            "conv1 has a negative usage -5 for RR");
}
