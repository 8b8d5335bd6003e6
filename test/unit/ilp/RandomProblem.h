// Tiny random problems, and the answer by trying everything: the oracle that
// the solver's rules and bounds are held against.

#ifndef AUTOPAR_TEST_UNIT_ILP_RANDOMPROBLEM_H
#define AUTOPAR_TEST_UNIT_ILP_RANDOMPROBLEM_H

#include "compiler/solvers/ilp/Problem.h"

#include <random>

namespace autopar::ilp {

struct RandomShape {
  int leastNodes = 1, mostNodes = 6;
  int mostStrategies = 4;
  int edgesPerNode = 2;     // at most; parallel edges and self-edges happen
  double neverShare = 0.15; // of edge cells, at most
  Cost mostCost = 20;
  bool memory = true;
};

inline Problem randomProblem(const RandomShape &shape, uint32_t seed) {
  std::mt19937 generator(seed);
  auto number = [&](int64_t from, int64_t to) {
    return std::uniform_int_distribution<int64_t>(from, to)(generator);
  };
  auto chance = [&](double p) { return std::bernoulli_distribution(p)(generator); };
  Problem problem;
  int nodes = static_cast<int>(number(shape.leastNodes, shape.mostNodes));
  for (int n = 0; n < nodes; ++n) {
    Node node;
    int strategies = static_cast<int>(number(1, shape.mostStrategies));
    for (int s = 0; s < strategies; ++s)
      node.costs.push_back(chance(0.03) ? never : number(0, shape.mostCost));
    for (int64_t u = number(0, 2); u > 0; --u) {
      Use use{number(0, 6), 0, {}};
      use.end = number(use.begin, 8);
      for (int s = 0; s < strategies; ++s)
        use.bytes.push_back(number(0, 6));
      node.uses.push_back(use);
    }
    problem.nodes.push_back(node);
  }
  double share = std::uniform_real_distribution<double>(0, shape.neverShare)(generator);
  for (int64_t e = number(0, shape.edgesPerNode * nodes); e > 0; --e) {
    Edge edge{static_cast<int>(number(0, nodes - 1)), static_cast<int>(number(0, nodes - 1)), {}};
    size_t cells = problem.nodes[edge.from].costs.size() * problem.nodes[edge.to].costs.size();
    for (size_t c = 0; c < cells; ++c)
      edge.costs.push_back(chance(share) ? never : number(0, shape.mostCost));
    problem.edges.push_back(edge);
  }
  if (shape.memory)
    problem.usageLimit = number(2, 2 + 3 * nodes);
  return problem;
}

struct BruteForce {
  std::optional<Int128> cost;      // of the best feasible solution
  std::optional<Int128> leastPeak; // with finite cost, the limit aside
  Solution solution;
};

inline BruteForce tryEverything(const Problem &problem) {
  BruteForce best;
  Solution solution(problem.nodes.size(), 0);
  while (true) {
    Evaluation evaluation = check(problem, solution);
    if (evaluation.feasible && (!best.cost || evaluation.cost < *best.cost)) {
      best.cost = evaluation.cost;
      best.solution = solution;
    }
    if (evaluation.cost < never && (!best.leastPeak || evaluation.peak < *best.leastPeak))
      best.leastPeak = evaluation.peak;
    size_t n = 0;
    while (n < solution.size() &&
           ++solution[n] == static_cast<int>(problem.nodes[n].costs.size()))
      solution[n++] = 0;
    if (n == solution.size())
      return best;
  }
}

} // namespace autopar::ilp

#endif // AUTOPAR_TEST_UNIT_ILP_RANDOMPROBLEM_H
