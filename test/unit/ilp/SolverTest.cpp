// The solver against brute force, on what presolve finishes alone and on what
// it leaves to CBC.

#include "RandomProblem.h"
#include "TrainingStep.h"
#include "compiler/solvers/ilp/Presolve.h"
#include "compiler/solvers/ilp/Solver.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

using namespace autopar::ilp;

static void expectBest(const Problem &problem, uint32_t seed) {
  BruteForce best = tryEverything(problem);
  SolveResult result = solve(problem);
  SCOPED_TRACE("seed " + std::to_string(seed));
  if (best.cost) {
    ASSERT_EQ(result.status, Status::Optimal) << result.reason;
    Evaluation evaluation = check(problem, result.solution);
    EXPECT_TRUE(evaluation.feasible) << evaluation.whyNot;
    EXPECT_EQ(toString(evaluation.cost), toString(*best.cost));
    EXPECT_EQ(toString(result.cost), toString(*best.cost));
    EXPECT_EQ(toString(result.lowerBound), toString(*best.cost));
    return;
  }
  ASSERT_EQ(result.status, Status::Infeasible);
  EXPECT_FALSE(result.reason.empty());
  ASSERT_EQ(result.leastUsage.has_value(), best.leastPeak.has_value()) << result.reason;
  if (best.leastPeak) {
    EXPECT_TRUE(result.leastUsage->proven);
    EXPECT_EQ(toString(result.leastUsage->bytes), toString(*best.leastPeak));
    EXPECT_EQ(toString(check(problem, result.leastUsage->solution).peak),
              toString(*best.leastPeak));
  }
}

TEST(Solver, SparseProblemsAgreeWithBruteForce) {
  for (uint32_t seed = 0; seed < 1000; ++seed)
    expectBest(randomProblem({.memory = seed % 4 != 0}, seed), seed);
}

TEST(Solver, DenseProblemsAgreeWithBruteForce) {
  for (uint32_t seed = 0; seed < 200; ++seed)
    expectBest(randomProblem({.leastNodes = 6,
                              .mostNodes = 10,
                              .mostStrategies = 3,
                              .edgesPerNode = 4,
                              .neverShare = 0.05,
                              .mostCost = 1000,
                              .memory = seed % 4 != 0},
                             seed),
               seed);
}

TEST(Solver, ManyNevers) {
  for (uint32_t seed = 0; seed < 500; ++seed)
    expectBest(randomProblem({.leastNodes = 4, .edgesPerNode = 3, .neverShare = 0.9}, seed), seed);
}

/// What presolve leaves must hold a solution of the same cost, and expanding
/// any choice must cost what the model says.
TEST(Presolve, KeepsAnOptimum) {
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem({.edgesPerNode = 3}, seed);
    Model model(problem, true);
    PresolveStats stats;
    RunClock endless = RunClock::endless();
    if (!model.infeasible)
      Presolve(model, stats).run(endless);
    std::optional<Int128> best;
    std::vector<int> living;
    for (size_t v = 0; v < model.variables.size(); ++v)
      if (model.variables[v].alive)
        living.push_back(static_cast<int>(v));
    std::vector<int> choice(model.variables.size(), 0);
    bool more = !model.infeasible;
    while (more) {
      Evaluation evaluation = check(problem, model.expand(choice));
      if (evaluation.feasible) {
        EXPECT_EQ(toString(evaluation.cost), toString(model.costOf(choice)));
        if (!best || evaluation.cost < *best)
          best = evaluation.cost;
      }
      more = false;
      for (int v : living) {
        if (++choice[v] < model.variables[v].size()) {
          more = true;
          break;
        }
        choice[v] = 0;
      }
    }
    BruteForce expected = tryEverything(problem);
    ASSERT_EQ(best.has_value(), expected.cost.has_value());
    EXPECT_EQ(toString(best.value_or(-1)), toString(expected.cost.value_or(-1)));
  }
}

TEST(Solver, AWarmStartIsKeptWhenThereIsNoTime) {
  Problem problem = randomProblem({.leastNodes = 6, .memory = false}, 3);
  BruteForce best = tryEverything(problem);
  ASSERT_TRUE(best.cost);
  SolveOptions options;
  options.timeLimitSeconds = 0;
  options.warmStart = best.solution;
  SolveResult result = solve(problem, options);
  EXPECT_EQ(result.solution, best.solution);
}

static SolveOptions within(double seconds) {
  SolveOptions options;
  options.timeLimitSeconds = seconds;
  return options;
}

TEST(Solver, HasAPlanWhenThereIsNoTime) {
  for (uint32_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = trainingStep(2, seed);
    problem.usageLimit.reset();
    const SolveResult best = solve(problem, within(2));
    const SolveResult atOnce = solve(problem, within(0));
    ASSERT_FALSE(atOnce.solution.empty());
    EXPECT_TRUE(check(problem, atOnce.solution).feasible);
    EXPECT_TRUE(atOnce.lowerBound <= best.cost);
    // Less than the fastest holds, if not the least that there is.
    LeastUsageOptions quick;
    quick.timeLimitSeconds = 1;
    const auto least = leastUsage(problem, quick);
    ASSERT_TRUE(least);
    problem.usageLimit = static_cast<Bytes>(least->bytes + (best.peak - least->bytes) / 2);
    const SolveResult tight = solve(problem, within(0));
    ASSERT_FALSE(tight.solution.empty());
    EXPECT_TRUE(check(problem, tight.solution).peak <= *problem.usageLimit);
  }
}

/// Where pairs are often impossible a first plan is a matter of trying.
TEST(Solver, MostlyHasAPlanAmongManyNeversWhenThereIsNoTime) {
  int possible = 0, found = 0;
  for (uint32_t seed = 0; seed < 500; ++seed) {
    const Problem problem =
        randomProblem({.leastNodes = 4, .edgesPerNode = 3, .neverShare = 0.9, .memory = false}, seed);
    const SolveResult atOnce = solve(problem, within(0));
    const bool any = tryEverything(problem).cost.has_value();
    possible += any;
    found += !atOnce.solution.empty();
    ASSERT_LE(!atOnce.solution.empty(), any);
    ASSERT_FALSE(any && atOnce.status == Status::Infeasible);
  }
  EXPECT_GT(possible, 50);
  EXPECT_GT(found, possible * 95 / 100);
}

TEST(Solver, ACorruptWarmStartIsIgnored) {
  Problem problem = randomProblem({.leastNodes = 4, .memory = false}, 5);
  SolveOptions options;
  options.warmStart = Solution(problem.nodes.size(), 99);
  EXPECT_EQ(solve(problem, options).status, solve(problem).status);
}

TEST(Solver, RefusesWhatIsMalformed) {
  Problem problem;
  problem.nodes.push_back({"conv1", {}, {}, {}});
  SolveResult result = solve(problem);
  EXPECT_EQ(result.status, Status::Invalid);
  EXPECT_EQ(result.reason, "conv1 has no strategy");
}

TEST(Solver, NamesTheNodeThatCannotBe) {
  Problem problem;
  problem.nodes.push_back({"conv1", {1, 1}, {}, {}});
  problem.nodes.push_back({"conv2", {1}, {}, {}});
  problem.edges.push_back({0, 1, {never, never}});
  SolveResult result = solve(problem);
  EXPECT_EQ(result.status, Status::Infeasible);
  EXPECT_NE(result.reason.find("conv1"), std::string::npos) << result.reason;
}

TEST(Solver, SaysTheLeastLimitThatWouldDo) {
  Problem problem;
  problem.nodes.push_back({"conv1", {1, 2}, {{0, 4, {6, 5}}}, {}});
  problem.nodes.push_back({"conv2", {1}, {{2, 6, {7}}}, {}});
  problem.usageLimit = 11;
  SolveResult result = solve(problem);
  EXPECT_EQ(result.status, Status::Infeasible);
  EXPECT_EQ(result.reason, "no choice of strategies fits the usage limit of 11; the least peak "
                           "found is 12, and there is none smaller");
}

TEST(Solver, AnUnreachableLimitChangesNothing) {
  Problem problem = randomProblem({.leastNodes = 6, .memory = false}, 6);
  SolveResult without = solve(problem);
  ASSERT_EQ(without.status, Status::Optimal);
  problem.usageLimit = std::numeric_limits<Bytes>::max();
  SolveResult with = solve(problem);
  EXPECT_EQ(toString(with.cost), toString(without.cost));
  EXPECT_TRUE(with.presolve.memoryFree);
}

TEST(Solver, ReportsProgressThatOnlyImproves) {
  Problem problem = randomProblem(
      {.leastNodes = 10, .mostNodes = 10, .mostStrategies = 3, .edgesPerNode = 4, .neverShare = 0,
       .memory = false},
      12);
  std::vector<Progress> seen;
  SolveOptions options;
  options.onProgress = [&](const Progress &progress) { seen.push_back(progress); };
  SolveResult result = solve(problem, options);
  ASSERT_FALSE(seen.empty());
  for (size_t i = 1; i < seen.size(); ++i) {
    EXPECT_LE(seen[i].gap(), seen[i - 1].gap());
    EXPECT_TRUE(!seen[i].incumbent || !seen[i].lowerBound ||
                *seen[i].lowerBound <= *seen[i].incumbent);
  }
  ASSERT_EQ(result.status, Status::Optimal);
  EXPECT_EQ(seen.back().gap(), 0);
}

TEST(Solver, ThreadsTogetherAgreeWithBruteForce) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    Problem problem = randomProblem({.leastNodes = 5, .edgesPerNode = 4, .mostCost = 1000}, seed);
    BruteForce best = tryEverything(problem);
    SolveOptions options;
    options.threads = 3;
    options.explainInfeasible = false;
    SolveResult result = solve(problem, options);
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_EQ(result.status, best.cost ? Status::Optimal : Status::Infeasible);
    if (best.cost) {
      EXPECT_EQ(toString(check(problem, result.solution).cost), toString(*best.cost));
    }
  }
}

/// The threads are held up here and there, differently in each run.
TEST(Solver, TheSameWorkGivesTheSameResult) {
  Problem problem = trainingStep(4, 1);
  SolveOptions brief;
  brief.timeLimitSeconds = 2;
  SolveResult free = solve(problem, brief);
  ASSERT_FALSE(free.solution.empty());
  problem.usageLimit = static_cast<Bytes>(free.peak * 75 / 100);
  for (int threads : {1, 2, 3}) {
    std::optional<SolveResult> first;
    for (uint32_t run = 0; run < 3; ++run) {
      std::atomic<uint32_t> calls = 0;
      SolveOptions options;
      options.workLimit = 6'000'000;
      options.threads = threads;
      options.onProgress = [&](const Progress &) {
        if (run && (calls++ * 7 + run) % 5 == 0)
          std::this_thread::sleep_for(std::chrono::milliseconds(2 * run));
      };
      SolveResult result = solve(problem, options);
      EXPECT_GE(result.work, 0);
      if (!first) {
        first = result;
        continue;
      }
      EXPECT_EQ(result.status, first->status);
      EXPECT_EQ(result.solution, first->solution);
      EXPECT_EQ(toString(result.cost), toString(first->cost));
      EXPECT_EQ(toString(result.lowerBound), toString(first->lowerBound));
      EXPECT_EQ(result.work, first->work);
    }
    // Otherwise the limit was never met, and there was nothing to tell apart.
    EXPECT_EQ(first->status, Status::Feasible) << threads;
  }
}
