// The running count of bytes against the simulator, while members come and go.

#include "Graphs.h"
#include "compiler/solvers/remat/Reruns.h"

#include <gtest/gtest.h>

using namespace autopar::remat;

namespace {

void expectAsSimulated(const Problem &problem, int64_t budget, const Reruns &reruns) {
  Sequence sequence = reruns.sequence();
  Simulation simulation = simulate(problem, sequence);
  double excess = 0;
  for (int64_t live : simulation.live)
    excess += double(std::max<int64_t>(0, live - budget));
  EXPECT_EQ(reruns.peak(), double(simulation.peak));
  EXPECT_EQ(reruns.excess(), excess);
  EXPECT_EQ(reruns.cost(), simulation.cost - problem.totalCost());
}

TEST(Reruns, CountLikeTheSimulator) {
  std::mt19937 random(11);
  for (int graph = 0; graph < 20; ++graph) {
    Problem problem = makeRandom(random, 8, true);
    int64_t budget = simulate(problem, originalOrder(problem)).peak / 2;
    Reruns reruns(problem, budget);
    expectAsSimulated(problem, budget, reruns);
    for (int move = 0; move < 300; ++move) {
      int value = static_cast<int>(random() % 8);
      int step = value + 1 + static_cast<int>(random() % (problem.size() - value - 1));
      reruns.has(step, value) ? reruns.erase(step, value) : reruns.insert(step, value);
      expectAsSimulated(problem, budget, reruns);
    }
    Reruns copy = Reruns::read(problem, budget, reruns.sequence());
    EXPECT_EQ(copy.sequence(), reruns.sequence());
  }
}

TEST(Reruns, KnowLivesOfValues) {
  // f0 f1 f2 loss b2 b1 b0: ids 0 1 2 3 4 5 6; f0 is read in 1, 5 and 6.
  Problem problem = makeChain({10, 20, 30}, {100, 200, 400});
  Reruns reruns(problem, 0);
  EXPECT_TRUE(reruns.isHeld(0, 3));
  reruns.insert(5, 0);
  EXPECT_FALSE(reruns.isHeld(0, 3));
  EXPECT_EQ(reruns.lastUse(0, 2), 1);
  EXPECT_EQ(reruns.lifeBegin(0, 6), 5);
  EXPECT_EQ(reruns.lastUse(0, 5), 6);
  EXPECT_EQ(reruns.runs(0), (std::vector<int>{0, 5}));
}

} // namespace
