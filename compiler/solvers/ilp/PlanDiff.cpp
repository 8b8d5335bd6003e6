// Node by node; the totals come from the checker.

#include "compiler/solvers/ilp/PlanDiff.h"

#include <algorithm>

namespace autopar::ilp {

PlanDiff diffPlans(const Problem &problem, const Solution &before, const Solution &after) {
  PlanDiff diff;
  diff.before = check(problem, before);
  diff.after = check(problem, after);
  for (size_t n = 0; n < problem.nodes.size(); ++n) {
    int from = before[n], to = after[n];
    if (from == to)
      continue;
    const Node &node = problem.nodes[n];
    PlanDiff::Change change{static_cast<int>(n), from, to, node.costs[to] - node.costs[from],
                            0};
    for (const Use &use : node.uses)
      change.bytes += static_cast<Int128>(use.bytes[to]) - use.bytes[from];
    diff.changes.push_back(change);
  }
  return diff;
}

static std::string withSign(Int128 value) { return (value < 0 ? "" : "+") + toString(value); }

std::string printDiff(const Problem &problem, const PlanDiff &diff) {
  size_t widest = 0;
  for (const PlanDiff::Change &change : diff.changes)
    widest = std::max(widest, problem.nodeName(change.node).size());
  std::string out;
  for (const PlanDiff::Change &change : diff.changes) {
    std::string name = problem.nodeName(change.node);
    out += name + std::string(widest + 2 - name.size(), ' ') +
           problem.strategyName(change.node, change.from) + " -> " +
           problem.strategyName(change.node, change.to) + "  (cost " +
           withSign(change.nodeCost) + ", bytes " + withSign(change.bytes) + ")\n";
  }
  out += std::to_string(diff.changes.size()) + " of " + std::to_string(problem.nodes.size()) +
         " nodes differ; cost " + toString(diff.before.cost) + " -> " +
         toString(diff.after.cost) + " (" + withSign(diff.after.cost - diff.before.cost) +
         "), peak " + toString(diff.before.peak) + " -> " + toString(diff.after.peak) + " (" +
         withSign(diff.after.peak - diff.before.peak) + ")\n";
  return out;
}

} // namespace autopar::ilp
