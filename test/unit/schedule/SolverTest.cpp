// Orders against all there are, on problems small enough to try them.
#include "compiler/solvers/schedule/Solver.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <limits>
#include <random>

using namespace autopar::schedule;

namespace {

Problem randomProblem(std::mt19937 &random, int size) {
  auto draw = [&](int below) { return std::uniform_int_distribution(0, below - 1)(random); };
  Problem problem;
  for (int index = 0; index < size; ++index) {
    Operation operation{.name = "op" + std::to_string(index),
                        .cost = draw(20),
                        .bytes = draw(10),
                        .workspace = draw(4),
                        .communicates = draw(3) == 0};
    for (int other = 0; other < index; ++other) {
      if (draw(3) == 0)
        operation.inputs.push_back(other);
      else if (draw(8) == 0)
        operation.after.push_back(other);
    }
    problem.operations.push_back(operation);
  }
  return problem;
}

/// The least time of all orders that hold no more than `peak`.
int64_t leastCost(const Problem &problem, int64_t peak) {
  int64_t least = std::numeric_limits<int64_t>::max();
  Order order = givenOrder(problem);
  do {
    if (check(problem, order))
      continue;
    Timeline timeline = simulate(problem, order);
    if (timeline.peak <= peak)
      least = std::min(least, timeline.cost);
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

TEST(Solver, isHeldAgainstAllOrders) {
  std::mt19937 random(11);
  int optimal = 0, problems = 150;
  double excess = 0;
  for (int i = 0; i < problems; ++i) {
    Problem problem = randomProblem(random, 7);
    ASSERT_FALSE(validate(problem));
    const Timeline given = simulate(problem, givenOrder(problem));
    Result result = solve(problem, {});
    ASSERT_FALSE(check(problem, result.order)) << *check(problem, result.order);
    EXPECT_LE(result.timeline.peak, given.peak);
    EXPECT_LE(result.timeline.cost, given.cost);
    EXPECT_EQ(result.timeline.cost, simulate(problem, result.order).cost);
    const int64_t least = leastCost(problem, given.peak);
    EXPECT_GE(result.timeline.cost, least);
    EXPECT_LE(result.lowerBound, least);
    optimal += result.timeline.cost == least;
    excess += double(result.timeline.cost) / double(std::max<int64_t>(least, 1)) - 1;
  }
  EXPECT_GE(optimal, problems * 9 / 10);
  EXPECT_LT(excess / problems, 0.01);
}

/// A chain of layers backward, each gradient summed as soon as it is there.
Problem backwardPass(int layers, int64_t gradient, int64_t sum) {
  Problem problem;
  int above = -1;
  for (int layer = 0; layer < layers; ++layer) {
    const std::vector<int> from = above < 0 ? std::vector<int>{} : std::vector{above};
    const std::string name = std::to_string(layer);
    const int first = problem.size();
    problem.operations.push_back(
        {.name = "weight" + name, .cost = gradient, .bytes = 8, .inputs = from});
    problem.operations.push_back(
        {.name = "sum" + name, .cost = sum, .communicates = true, .inputs = {first}});
    problem.operations.push_back(
        {.name = "update" + name, .cost = 1, .inputs = {first, first + 1}});
    problem.operations.push_back(
        {.name = "input" + name, .cost = gradient, .bytes = 100, .inputs = from});
    above = first + 3;
  }
  return problem;
}

TEST(Solver, hidesTheSumsOfABackwardPass) {
  // In the given order each update waits for its sum.
  Problem problem = backwardPass(20, 10, 9);
  const Timeline given = simulate(problem, givenOrder(problem));
  EXPECT_EQ(given.exposed(), 20 * 9);
  // There is work beside all sums; the last one ends beside the last layer's other gradient. A
  // gradient that is being summed takes its bytes beside what is computed meanwhile.
  Result result = solve(problem, {.peak = given.peak + 8});
  EXPECT_EQ(result.timeline.exposed(), 0);
  EXPECT_LE(result.timeline.peak, given.peak + 8);
}

TEST(Solver, gathersAheadWithinTheBytes) {
  // Weights are gathered before their layer; beside the layer before, if two of them fit.
  Problem problem;
  for (int layer = 0; layer < 4; ++layer) {
    const int gather = problem.size();
    problem.operations.push_back(
        {.name = "gather", .cost = 10, .bytes = 50, .communicates = true});
    Operation apply{.name = "layer", .cost = 10, .bytes = 1, .inputs = {gather}};
    if (layer > 0)
      apply.inputs.push_back(gather - 1);
    problem.operations.push_back(apply);
  }
  EXPECT_EQ(solve(problem, {.peak = 0}).timeline.cost, 80);
  Result ahead = solve(problem, {.peak = 110});
  EXPECT_EQ(ahead.timeline.cost, 50);
  EXPECT_LE(ahead.timeline.peak, 110);
}

TEST(Solver, answersTheSameEachTime) {
  std::mt19937 random(5);
  Problem problem = randomProblem(random, 60);
  EXPECT_EQ(solve(problem, {}).order, solve(problem, {}).order);
}

} // namespace
