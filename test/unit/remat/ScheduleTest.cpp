// The simulator's figures on a step small enough to count by hand, and the
// checker on schedules that were broken on purpose.

#include "Graphs.h"
#include "compiler/solvers/remat/Schedule.h"

#include <gtest/gtest.h>

using namespace autopar::remat;

namespace {

constexpr int64_t plenty = 1 << 20;

/// f0 f1 f2 loss b2 b1 b0: ids 0 1 2 3 4 5 6.
Problem three() { return makeChain({10, 20, 30}, {100, 200, 400}); }

TEST(Simulate, CountsWhatIsAliveAtEachStep) {
  Problem problem = three();
  problem.operations[5].workspace = 7;
  Simulation simulation = simulate(problem, originalOrder(problem));
  // b2 reads f2, loss, f1 and makes 400; then f2 and loss are gone.
  std::vector<int64_t> live{100, 300, 700, 701, 1101, 100 + 200 + 400 + 200 + 7, 100 + 200 + 100};
  EXPECT_EQ(simulation.live, live);
  EXPECT_EQ(simulation.peak, 1101);
  EXPECT_EQ(simulation.peakAt, 4u);
  EXPECT_EQ(simulation.cost, 60 + 1 + 120);
}

TEST(Simulate, FreesBeforeAValueIsMadeAgain) {
  Problem problem = three();
  Sequence sequence{0, 1, 2, 3, 4, 0, 5, 6}; // f0 again before b1
  Simulation simulation = simulate(problem, sequence);
  std::vector<int64_t> live{100, 300, 600, 601, 1001, 700, 900, 400};
  EXPECT_EQ(simulation.live, live);
  EXPECT_EQ(simulation.cost, 60 + 1 + 120 + 10);
  EXPECT_EQ(check(problem, sequence, 1001), std::nullopt);
}

TEST(Check, AgreesWithTheSimulatorOnThePeak) {
  std::mt19937 random(5);
  for (int graph = 0; graph < 50; ++graph) {
    Problem problem = makeRandom(random, 6, true);
    // Runs some operations again, where their inputs may be.
    Sequence sequence;
    for (int i = 0; i < problem.size(); ++i) {
      if (i > 7 && random() % 3 == 0)
        for (int again = 0; again <= static_cast<int>(random() % 6); ++again)
          sequence.push_back(again);
      sequence.push_back(i);
    }
    int64_t peak = simulate(problem, sequence).peak;
    auto wrong = check(problem, sequence, peak);
    EXPECT_EQ(wrong, std::nullopt) << *wrong;
    EXPECT_NE(check(problem, sequence, peak - 1), std::nullopt);
  }
}

void expectRejected(const Problem &problem, const Sequence &sequence, const char *why) {
  auto wrong = check(problem, sequence, plenty);
  ASSERT_TRUE(wrong) << why;
  EXPECT_NE(wrong->find(why), std::string::npos) << *wrong;
}

TEST(Check, RejectsBrokenSchedules) {
  Problem problem = three();
  expectRejected(problem, {0, 1, 2, 3, 4, 5}, "never runs");
  expectRejected(problem, {0, 1, 2, 3, 4, 5, 6, 6}, "may run only once");
  expectRejected(problem, {0, 1, 2, 3, 5, 4, 6}, "against their order");
  expectRejected(problem, {1, 0, 2, 3, 4, 5, 6}, "has not been computed");
  expectRejected(problem, {0, 1, 2, 3, 4, 5, 7}, "operation 7 of 7");
  expectRejected(problem, {0, 1, 2, 3, 4, 5, -1}, "operation -1");
  auto over = check(problem, originalOrder(problem), 1100);
  ASSERT_TRUE(over);
  EXPECT_NE(over->find("1101 bytes while 'b2'"), std::string::npos) << *over;
}

TEST(Validate, NamesWhatIsWrong) {
  Problem problem = three();
  problem.operations[2].bytes = -1;
  EXPECT_NE(validate(problem)->find("'f2'"), std::string::npos);
  problem = three();
  problem.operations[2].inputs = {5};
  EXPECT_NE(validate(problem)->find("does not come before"), std::string::npos);
  problem = three();
  problem.operations[0].bytes = int64_t(1) << 62;
  EXPECT_NE(validate(problem), std::nullopt);
  EXPECT_NE(validate(Problem{}), std::nullopt);
}

} // namespace
