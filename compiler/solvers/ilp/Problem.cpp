// Names, form and independent replay of a problem. The checker shares no code
// with the solver on purpose.

#include "compiler/solvers/ilp/Problem.h"

#include <algorithm>
#include <map>

namespace autopar::ilp {

std::string toString(Int128 value) {
  bool negative = value < 0;
  unsigned __int128 rest =
      negative ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest);
  if (negative)
    digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string Problem::nodeName(int node) const {
  const std::string &name = nodes[node].name;
  return name.empty() ? "node " + std::to_string(node) : name;
}

std::string Problem::strategyName(int node, int strategy) const {
  const auto &names = nodes[node].strategies;
  return names.empty() ? "strategy " + std::to_string(strategy) : names[strategy];
}

static std::optional<std::string> validateNode(const Problem &problem, int n) {
  const Node &node = problem.nodes[n];
  size_t strategies = node.costs.size();
  if (strategies == 0)
    return problem.nodeName(n) + " has no strategy";
  if (!node.strategies.empty() && node.strategies.size() != strategies)
    return problem.nodeName(n) + " has " + std::to_string(strategies) + " strategies but " +
           std::to_string(node.strategies.size()) + " names for them";
  for (const Use &use : node.uses) {
    if (use.begin < 0 || use.end < use.begin)
      return problem.nodeName(n) + " has a negative interval [" + std::to_string(use.begin) + ", " +
             std::to_string(use.end) + ")";
    if (use.bytes.size() != strategies)
      return problem.nodeName(n) + " has " + std::to_string(strategies) + " strategies but " +
             std::to_string(use.bytes.size()) + " usages";
    for (size_t s = 0; s < strategies; ++s)
      if (use.bytes[s] < 0)
        return problem.nodeName(n) + " has a negative usage " + std::to_string(use.bytes[s]) +
               " for " + problem.strategyName(n, static_cast<int>(s));
  }
  return std::nullopt;
}

static std::optional<std::string> validateEdge(const Problem &problem, size_t e) {
  const Edge &edge = problem.edges[e];
  int nodes = static_cast<int>(problem.nodes.size());
  for (int end : {edge.from, edge.to})
    if (end < 0 || end >= nodes)
      return "edge " + std::to_string(e) + " joins node " + std::to_string(end) +
             ", but there are only " + std::to_string(nodes) + " nodes";
  size_t rows = problem.nodes[edge.from].costs.size();
  size_t columns = problem.nodes[edge.to].costs.size();
  if (edge.costs.size() != rows * columns)
    return "edge " + std::to_string(e) + " from " + problem.nodeName(edge.from) + " to " +
           problem.nodeName(edge.to) + " has " + std::to_string(edge.costs.size()) +
           " costs; its ends have " + std::to_string(rows) + " x " + std::to_string(columns) +
           " strategies";
  return std::nullopt;
}

std::optional<std::string> validate(const Problem &problem) {
  for (size_t n = 0; n < problem.nodes.size(); ++n)
    if (auto error = validateNode(problem, static_cast<int>(n)))
      return error;
  for (size_t e = 0; e < problem.edges.size(); ++e)
    if (auto error = validateEdge(problem, e))
      return error;
  if (problem.usageLimit && *problem.usageLimit < 0)
    return "the usage limit " + std::to_string(*problem.usageLimit) + " is negative";
  return std::nullopt;
}

/// Sweeps the ends of all chosen uses in order of time.
static void replayMemory(const Problem &problem, const Solution &solution, Evaluation &result) {
  std::map<Time, Int128> change;
  for (size_t n = 0; n < problem.nodes.size(); ++n)
    for (const Use &use : problem.nodes[n].uses)
      if (use.begin < use.end) {
        change[use.begin] += use.bytes[solution[n]];
        change[use.end] -= use.bytes[solution[n]];
      }
  Int128 living = 0;
  for (auto [time, delta] : change) {
    living += delta;
    if (living > result.peak) {
      result.peak = living;
      result.peakTime = time;
    }
  }
}

Evaluation check(const Problem &problem, const Solution &solution) {
  Evaluation result;
  if (solution.size() != problem.nodes.size()) {
    result.whyNot = "the solution has " + std::to_string(solution.size()) +
                    " strategies for " + std::to_string(problem.nodes.size()) + " nodes";
    return result;
  }
  for (size_t n = 0; n < solution.size(); ++n) {
    int strategies = static_cast<int>(problem.nodes[n].costs.size());
    if (solution[n] < 0 || solution[n] >= strategies) {
      result.whyNot = problem.nodeName(static_cast<int>(n)) + " has no strategy " +
                      std::to_string(solution[n]) + ", only " + std::to_string(strategies);
      return result;
    }
  }

  auto blame = [&](std::string why) {
    if (result.whyNot.empty())
      result.whyNot = std::move(why);
  };
  for (size_t n = 0; n < solution.size(); ++n) {
    Cost cost = problem.nodes[n].costs[solution[n]];
    result.cost += cost;
    if (cost >= never) {
      int node = static_cast<int>(n);
      blame(problem.nodeName(node) + " may never take " + problem.strategyName(node, solution[n]));
    }
  }
  for (const Edge &edge : problem.edges) {
    size_t columns = problem.nodes[edge.to].costs.size();
    Cost cost = edge.costs[solution[edge.from] * columns + solution[edge.to]];
    result.cost += cost;
    if (cost >= never)
      blame(problem.nodeName(edge.from) + " with " +
            problem.strategyName(edge.from, solution[edge.from]) + " may never meet " +
            problem.nodeName(edge.to) + " with " +
            problem.strategyName(edge.to, solution[edge.to]));
  }
  replayMemory(problem, solution, result);
  if (problem.usageLimit && result.peak > *problem.usageLimit)
    blame("at time " + std::to_string(result.peakTime) + " the usage is " +
          toString(result.peak) + ", over the limit of " + std::to_string(*problem.usageLimit));
  result.feasible = result.whyNot.empty();
  return result;
}

} // namespace autopar::ilp
