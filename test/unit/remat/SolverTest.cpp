// The solvers against an exhaustive search on tiny graphs, against each other,
// and on the statuses they claim.

#include "Graphs.h"
#include "compiler/remat/Solver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <queue>

using namespace autopar::remat;

namespace {

constexpr int64_t never = std::numeric_limits<int64_t>::max();

/// Least extra cost over all schedules whose first runs keep the problem's
/// order: Dijkstra over (first runs done, set of values held).
int64_t exhaustiveExtraCost(const Problem &problem, int64_t budget) {
  using State = std::pair<int, unsigned>;
  std::map<State, int64_t> best;
  std::priority_queue<std::pair<int64_t, State>, std::vector<std::pair<int64_t, State>>,
                      std::greater<>>
      queue;
  auto push = [&](State state, int64_t cost) {
    auto [it, isNew] = best.emplace(state, cost);
    if (!isNew && it->second <= cost)
      return;
    it->second = cost;
    queue.push({cost, state});
  };
  push({0, 0u}, 0);
  while (!queue.empty()) {
    auto [cost, state] = queue.top();
    queue.pop();
    if (best[state] < cost)
      continue;
    auto [done, held] = state;
    if (done == problem.size())
      return cost;
    for (int i = 0; i < problem.size(); ++i)
      if (held >> i & 1)
        push({done, held & ~(1u << i)}, cost);
    int64_t bytes = 0;
    for (int i = 0; i < problem.size(); ++i)
      if (held >> i & 1)
        bytes += problem.operations[i].bytes;
    for (int i = 0; i <= done; ++i) {
      const Operation &operation = problem.operations[i];
      if ((held >> i & 1) || (i < done && !operation.recomputable) ||
          bytes + operation.bytes + operation.workspace > budget)
        continue;
      if (std::all_of(operation.inputs.begin(), operation.inputs.end(),
                      [&](int input) { return held >> input & 1; }))
        push({std::max(done, i + 1), held | 1u << i}, cost + (i < done ? operation.cost : 0));
    }
  }
  return never;
}

Result solveChecked(const Problem &problem, int64_t budget, Method method,
                    double seconds = 10) {
  SolveOptions options;
  options.budget = budget;
  options.method = method;
  options.timeLimitSeconds = seconds;
  Result result = solve(problem, options);
  bool fits = result.status == Status::Optimal || result.status == Status::Feasible;
  EXPECT_EQ(check(problem, result.sequence, fits ? budget : never), std::nullopt);
  EXPECT_EQ(simulate(problem, result.sequence).peak, result.peak);
  EXPECT_EQ(simulate(problem, result.sequence).cost - problem.totalCost(), result.extraCost);
  EXPECT_GE(result.peak, result.leastPeakBound);
  return result;
}

void compareWithExhaustive(bool skips, unsigned seed, int graphs) {
  std::mt19937 random(seed);
  int budgets = 0, recomputing = 0;
  for (int graph = 0; graph < graphs; ++graph) {
    Problem problem = makeRandom(random, 2 + graph % 4, skips); // up to 12 operations
    ASSERT_EQ(validate(problem), std::nullopt);
    int64_t full = simulate(problem, originalOrder(problem)).peak;
    for (int64_t budget = full; budget > 0; budget -= std::max<int64_t>(1, full / 12)) {
      int64_t expected = exhaustiveExtraCost(problem, budget);
      Result result = solveChecked(problem, budget, Method::Auto);
      SCOPED_TRACE("graph " + std::to_string(graph) + " budget " + std::to_string(budget));
      ++budgets;
      if (expected == never) {
        EXPECT_NE(result.status, Status::Optimal);
        EXPECT_NE(result.status, Status::Feasible);
        break; // smaller budgets are infeasible too
      }
      recomputing += expected > 0;
      EXPECT_NE(result.status, Status::Infeasible);
      EXPECT_NE(result.status, Status::NotFound);
      EXPECT_EQ(result.extraCost, expected) << toString(result.status);
      EXPECT_LE(result.extraCostBound, double(expected) + 1e-3);
    }
  }
  EXPECT_GT(recomputing, budgets / 4); // the comparison is not an empty one
}

TEST(Solver, ChainsEqualExhaustiveSearch) { compareWithExhaustive(false, 1, 60); }

TEST(Solver, GraphsWithSkipsEqualExhaustiveSearch) { compareWithExhaustive(true, 2, 60); }

TEST(Solver, NoMethodBeatsTheBoundAndAutoIsNeverWorse) {
  std::mt19937 random(3);
  Problem problem = makeRandom(random, 14, true);
  int64_t full = simulate(problem, originalOrder(problem)).peak;
  for (int64_t share : {100, 85, 70, 60, 50}) {
    int64_t budget = full * share / 100;
    Result best = solveChecked(problem, budget, Method::Auto);
    if (best.status != Status::Optimal && best.status != Status::Feasible)
      continue;
    for (Method method : {Method::None, Method::All, Method::Sqrt, Method::Chain, Method::Optimal}) {
      Result other = solveChecked(problem, budget, method);
      if (other.status != Status::Optimal && other.status != Status::Feasible)
        continue;
      EXPECT_GE(other.extraCost, best.extraCost) << toString(method);
      EXPECT_GE(double(other.extraCost), best.extraCostBound - 1e-3) << toString(method);
    }
  }
}

TEST(Solver, KeepsEverythingWhereItFits) {
  Problem problem = makeChain({5, 5, 5}, {4, 4, 4});
  int64_t full = simulate(problem, originalOrder(problem)).peak;
  Result result = solveChecked(problem, full, Method::Auto);
  EXPECT_EQ(result.status, Status::Optimal);
  EXPECT_EQ(result.extraCost, 0);
  EXPECT_EQ(result.sequence, originalOrder(problem));
}

TEST(Solver, ProvesThatNothingFits) {
  Problem problem = makeChain({5, 5, 5}, {4, 4, 4});
  Result result = solveChecked(problem, 7, Method::Auto); // an operation and its input take 8
  EXPECT_EQ(result.status, Status::Infeasible);
  EXPECT_GT(result.leastPeakBound, 7);
}

TEST(Solver, NeverRunsTwiceWhatMayNot) {
  // f1 draws without a key: dropping it would be cheapest.
  Problem problem = makeChain({5, 1, 5, 5, 5}, {4, 9, 4, 4, 4});
  problem.operations[1].recomputable = false;
  int64_t full = simulate(problem, originalOrder(problem)).peak;
  Result result = solveChecked(problem, full - 3, Method::Auto);
  ASSERT_EQ(result.status, Status::Optimal);
  EXPECT_EQ(std::count(result.sequence.begin(), result.sequence.end(), 1), 1);
  EXPECT_EQ(result.extraCost, exhaustiveExtraCost(problem, full - 3));
}

TEST(Solver, SameInputSameSchedule) {
  std::mt19937 random(4);
  Problem problem = makeRandom(random, 10, true);
  int64_t budget = simulate(problem, originalOrder(problem)).peak * 7 / 10;
  EXPECT_EQ(solveChecked(problem, budget, Method::Auto).sequence,
            solveChecked(problem, budget, Method::Auto).sequence);
}

TEST(Solver, MethodNamesRoundTrip) {
  for (Method method : {Method::None, Method::All, Method::Sqrt, Method::Chain, Method::Optimal,
                        Method::Auto})
    EXPECT_EQ(parseMethod(toString(method)), method);
  EXPECT_EQ(parseMethod("checkmate"), std::nullopt);
}

} // namespace
