// What is written, CBC's own reader reads, and finds the same optimum.

#include "compiler/solvers/ilp/LpFile.h"
#include "RandomProblem.h"

#include <CbcModel.hpp>
#include <OsiClpSolverInterface.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

using namespace autopar::ilp;

TEST(LpFile, NamesAreThoseOfNodesAndStrategies) {
  Problem problem;
  problem.name = "two";
  problem.nodes.push_back({"conv 1", {1, 2}, {{0, 4, {6, 3}}}, {"S0R|U1", "RR"}});
  problem.nodes.push_back({"", {4, never}, {}, {}});
  problem.edges.push_back({0, 1, {10, 0, never, 0}});
  problem.usageLimit = 5;
  EXPECT_EQ(printLp(problem), R"(\ two
Minimize
 obj: + 1 conv_1.S0R_U1 + 2 conv_1.RR + 4 node_1.strategy_0 + 10 p0(0,0)
Subject To
 conv_1: + 1 conv_1.S0R_U1 + 1 conv_1.RR = 1
 node_1: + 1 node_1.strategy_0 = 1
\ p0: conv 1 to node 1
 p0(0,): + 1 p0(0,0) - 1 conv_1.S0R_U1 = 0
 p0(1,): - 1 conv_1.RR = 0
 p0(,0): + 1 p0(0,0) - 1 node_1.strategy_0 = 0
 memory(0): + 6 conv_1.S0R_U1 + 3 conv_1.RR <= 5
Binary
 conv_1.S0R_U1
 conv_1.RR
 node_1.strategy_0
End
)");
}

TEST(LpFile, HasTheOptimumOfTheProblem) {
  for (uint32_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem({.leastNodes = 3}, seed);
    problem.nodes[0].name = problem.nodes[1].name = "twice"; // names need not differ
    BruteForce best = tryEverything(problem);
    std::string path = testing::TempDir() + "/problem.lp";
    std::ofstream(path) << printLp(problem);
    OsiClpSolverInterface program;
    program.messageHandler()->setLogLevel(0);
    ASSERT_EQ(program.readLp(path.c_str()), 0);
    CbcModel cbc(program);
    cbc.setLogLevel(0);
    cbc.branchAndBound();
    std::filesystem::remove(path);
    ASSERT_EQ(cbc.bestSolution() != nullptr, best.cost.has_value());
    if (best.cost) {
      EXPECT_EQ(std::llround(cbc.getObjValue()), static_cast<int64_t>(*best.cost));
    }
  }
}
