// Strategies drawn one by one. See RandomPlans.h.
#include "test/unit/programs/RandomPlans.h"

#include "test/unit/cost/TestDevice.h"

#include "gtest/gtest.h"

using namespace mlir;

namespace autopar {

/// A strategy for each node, drawn evenly from those that its neighbours drawn before it allow.
static ilp::Solution randomSolution(const ilp::Problem &problem, std::mt19937 &random) {
  std::vector<std::vector<const ilp::Edge *>> edges(problem.nodes.size());
  for (const ilp::Edge &edge : problem.edges)
    edges[std::max(edge.from, edge.to)].push_back(&edge);
  ilp::Solution solution;
  for (size_t node = 0; node < problem.nodes.size(); ++node) {
    std::vector<int> possible;
    for (size_t s = 0; s < problem.nodes[node].costs.size(); ++s) {
      solution.push_back(static_cast<int>(s));
      bool fits = llvm::all_of(edges[node], [&](const ilp::Edge *edge) {
        size_t columns = problem.nodes[edge->to].costs.size();
        return edge->costs[solution[edge->from] * columns + solution[edge->to]] < ilp::never;
      });
      if (fits)
        possible.push_back(static_cast<int>(s));
      solution.pop_back();
    }
    EXPECT_FALSE(possible.empty()) << problem.nodeName(node) << " has no strategy left";
    solution.push_back(possible[random() % possible.size()]);
  }
  return solution;
}

RandomPlans::RandomPlans(ModuleOp whole, const Mesh &mesh)
    : whole(whole), resharder(llvm::cantFail(CostModel::create(mesh, evenDevice()))),
      table(resharder.costs()) {}

Module RandomPlans::draw(std::mt19937 &random) {
  Module module(cast<ModuleOp>(whole->clone()));
  (*module)->setAttr(dist::meshAttrName,
                     dist::MeshAttr::get(&context(), resharder.costs().mesh().sizes));
  PlanConstraints constraints;
  for (auto function : module->getOps<func::FuncOp>()) {
    auto built = ShardingProblem::build(function, table, resharder, constraints);
    EXPECT_TRUE(succeeded(built));
    ilp::Solution solution = randomSolution(built->problem, random);
    EXPECT_TRUE(ilp::check(built->problem, solution).feasible);
    built->apply(solution);
    for (auto variable : function.getOps<graph::VariableOp>())
      constraints.specs[variable.getName()] = dist::getPlan(variable)->results[0];
  }
  return module;
}

} // namespace autopar
