// Each strategy in turn becomes the only one the node may take.

#include "compiler/solvers/ilp/Alternatives.h"

namespace autopar::ilp {

std::vector<Alternative> alternatives(Problem problem, const Solution &plan, int node,
                                      const SolveOptions &options) {
  const std::vector<Cost> costs = problem.nodes[node].costs;
  std::vector<Alternative> result;
  for (int strategy = 0; strategy < static_cast<int>(costs.size()); ++strategy) {
    problem.nodes[node].costs.assign(costs.size(), never);
    problem.nodes[node].costs[strategy] = costs[strategy];
    SolveOptions solving = options;
    solving.warmStart = plan;
    (*solving.warmStart)[node] = strategy;
    SolveResult solved = solve(problem, solving);
    result.push_back({strategy, solved.status, solved.cost, solved.lowerBound, solved.peak,
                      std::move(solved.solution)});
  }
  return result;
}

} // namespace autopar::ilp
