// The solvers against an exhaustive search on tiny graphs, against each other,
// and on the statuses they claim.

#include "Graphs.h"
#include "compiler/solvers/remat/Solver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <queue>
#include <tuple>

using namespace autopar::remat;

namespace {

constexpr int64_t never = std::numeric_limits<int64_t>::max();

/// Least extra cost over all schedules of the class (Solver.h): Dijkstra over
/// (first runs done, set of values held, what ran again last since then).
int64_t exhaustiveExtraCost(const Problem &problem, int64_t budget) {
  using State = std::tuple<int, unsigned, int>;
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
  push({0, 0u, -1}, 0);
  while (!queue.empty()) {
    auto [cost, state] = queue.top();
    queue.pop();
    if (best[state] < cost)
      continue;
    auto [done, held, latest] = state;
    if (done == problem.size())
      return cost;
    for (int i = 0; i < problem.size(); ++i)
      if (held >> i & 1)
        push({done, held & ~(1u << i), latest}, cost);
    int64_t bytes = 0;
    for (int i = 0; i < problem.size(); ++i)
      if (held >> i & 1)
        bytes += problem.operations[i].bytes;
    for (int i = latest + 1; i <= done; ++i) {
      const Operation &operation = problem.operations[i];
      if ((held >> i & 1) || (i < done && !operation.recomputable) ||
          bytes + operation.workspace > budget ||
          !std::all_of(operation.inputs.begin(), operation.inputs.end(),
                       [&](int input) { return held >> input & 1; }))
        continue;
      const int64_t after = cost + (i < done ? operation.cost : 0);
      const int now = std::max(done, i + 1), lately = i < done ? i : -1;
      if (bytes + operation.bytes + operation.workspace <= budget)
        push({now, held | 1u << i, lately}, after);
      for (int input : operation.over) // which is gone then
        push({now, (held & ~(1u << input)) | 1u << i, lately}, after);
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
  EXPECT_EQ(fits(result), result.extraCostBound.has_value());
  EXPECT_EQ(check(problem, result.sequence, fits(result) ? budget : never), std::nullopt);
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
      Result result = solveChecked(problem, budget, Method::Auto, 1);
      SCOPED_TRACE("graph " + std::to_string(graph) + " budget " + std::to_string(budget));
      ++budgets;
      if (expected == never) {
        EXPECT_NE(result.status, Status::Optimal);
        EXPECT_NE(result.status, Status::Feasible);
        // What has the least peak costs no more than it must.
        EXPECT_EQ(result.extraCost, exhaustiveExtraCost(problem, result.peak));
        break; // smaller budgets are infeasible too
      }
      recomputing += expected > 0;
      EXPECT_NE(result.status, Status::Infeasible);
      EXPECT_NE(result.status, Status::NotFound);
      EXPECT_EQ(result.extraCost, expected) << toString(result.status);
      EXPECT_LE(*result.extraCostBound, double(expected) + 1e-3);
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
      EXPECT_GE(double(other.extraCost), *best.extraCostBound - 1e-3) << toString(method);
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

TEST(Solver, BeginsWhereItIsToldTo) {
  std::mt19937 random(6);
  Problem problem = makeRandom(random, 10, true);
  const int64_t budget = simulate(problem, originalOrder(problem)).peak * 7 / 10;
  const Result alone = solveChecked(problem, budget, Method::Auto);
  ASSERT_EQ(alone.status, Status::Optimal);
  ASSERT_GT(alone.extraCost, 0);
  // A schedule that fits, and a larger budget's bound that it meets: there is nothing to search.
  Known known;
  known.schedules = {originalOrder(problem), alone.sequence};
  known.bounds = {{budget / 2, 1e9}, {budget + 1, double(alone.extraCost)}};
  Result told = solve(problem, {.budget = budget, .known = &known});
  EXPECT_EQ(told.status, Status::Optimal);
  EXPECT_EQ(told.foundBy, "an earlier solve");
  EXPECT_EQ(told.sequence, alone.sequence);
  // A bound that the schedule refutes is none.
  known.bounds = {{budget, double(alone.extraCost) + 100}};
  told = solve(problem, {.budget = budget, .known = &known});
  EXPECT_EQ(told.extraCost, alone.extraCost);
  EXPECT_EQ(told.status, Status::Feasible);
  EXPECT_EQ(told.extraCostBound, 0);
}

TEST(Solver, KnowsWhatIsMadeInPlace) {
  // f1 in the place of f0, each gradient in that of the one before; counted apart, two values and
  // a gradient take 12 at the least. f0 f1 f2 loss b2, f0 f1 b1, f0 b0.
  Problem problem = makeChain({5, 1, 5}, {4, 4, 4});
  problem.operations[1].over = {0};
  problem.operations[5].over = {4};
  problem.operations[4].inputs = {2, 3};
  problem.operations[5].inputs = {1, 4};
  problem.operations[6].inputs = {0, 5};
  problem.operations[6].over = {5};
  Result result = solveChecked(problem, 9, Method::Auto);
  ASSERT_EQ(result.status, Status::Optimal);
  EXPECT_EQ(result.extraCost, 5 + 1 + 5);
  EXPECT_EQ(result.extraCost, exhaustiveExtraCost(problem, 9));
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
