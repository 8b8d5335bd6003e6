// One node after the other takes the strategy that is cheapest beside those before it; what its
// neighbours can then no longer take is struck out. A node that is left with nothing is put first
// in the next attempt. A few rounds in which each node looks at all its neighbours make it better.

#include "compiler/solvers/ilp/FirstSolution.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace autopar::ilp {

namespace {

class Greedy {
public:
  static constexpr double memoryOnly = std::numeric_limits<double>::infinity();

  explicit Greedy(const Problem &problem);

  /// Nothing where all attempts end at a node without a strategy. `price` is of a byte held for
  /// one time, or memoryOnly.
  std::optional<Solution> run(double price);

  /// Of all bytes that `solution` holds, each times how long.
  double volume(const Solution &solution) const;

private:
  /// An edge as one of its ends sees it.
  struct Side {
    const Edge *edge;
    bool isFrom;
    int other;
    size_t columns; // of the edge's matrix

    Cost cost(int own, int others) const {
      return isFrom ? edge->costs[own * columns + others] : edge->costs[others * columns + own];
    }
  };

  int attempt(); // the node without a strategy, or -1
  void improve();
  double priced(Cost cost) const;
  double alone(int node, int strategy) const;
  bool strikeOut(const Side &side, int strategy);
  int sizeOf(int node) const { return static_cast<int>(problem.nodes[node].costs.size()); }

  static constexpr double impossible = std::numeric_limits<double>::infinity();

  const Problem &problem;
  std::vector<std::vector<Side>> sides;     // [nodes]
  std::vector<std::vector<double>> volumes; // [nodes][strategies]
  std::vector<int> order;
  double cells = 0; // of all edges
  double price = 0;
  bool memoryAlone = false;

  std::vector<std::vector<char>> possible; // [nodes][strategies]
  Solution choice;                         // -1 where not yet decided
};

Greedy::Greedy(const Problem &problem) : problem(problem), sides(problem.nodes.size()) {
  for (const Edge &edge : problem.edges) {
    const size_t columns = problem.nodes[edge.to].costs.size();
    cells += static_cast<double>(edge.costs.size());
    sides[edge.from].push_back({&edge, true, edge.to, columns});
    if (edge.from != edge.to)
      sides[edge.to].push_back({&edge, false, edge.from, columns});
  }
  for (const Node &node : problem.nodes) {
    std::vector<double> &own = volumes.emplace_back(node.costs.size(), 0.0);
    for (const Use &use : node.uses)
      for (size_t s = 0; s < own.size(); ++s)
        own[s] += static_cast<double>(use.bytes[s]) * static_cast<double>(use.end - use.begin);
  }
  order.resize(problem.nodes.size());
  std::iota(order.begin(), order.end(), 0);
}

/// Of a node or an edge, as it counts here.
double Greedy::priced(Cost cost) const {
  return cost >= never ? impossible : memoryAlone ? 0 : static_cast<double>(cost);
}

/// What the strategy costs by itself, edges to itself included.
double Greedy::alone(int node, int strategy) const {
  double sum = priced(problem.nodes[node].costs[strategy]) +
               (memoryAlone ? 1 : price) * volumes[node][strategy];
  for (const Side &side : sides[node])
    if (side.other == node)
      sum += priced(side.cost(strategy, strategy));
  return sum;
}

/// False where the other end is left with nothing.
bool Greedy::strikeOut(const Side &side, int strategy) {
  std::vector<char> &left = possible[side.other];
  bool any = false;
  for (int t = 0; t < sizeOf(side.other); ++t) {
    left[t] &= side.cost(strategy, t) < never;
    any |= left[t] != 0;
  }
  return any;
}

int Greedy::attempt() {
  choice.assign(problem.nodes.size(), -1);
  possible.clear();
  for (size_t node = 0; node < problem.nodes.size(); ++node)
    possible.emplace_back(problem.nodes[node].costs.size(), 1);
  for (int node : order) {
    double least = impossible;
    for (int s = 0; s < sizeOf(node); ++s) {
      if (!possible[node][s])
        continue;
      double cost = alone(node, s);
      for (const Side &side : sides[node])
        if (side.other != node && choice[side.other] >= 0)
          cost += priced(side.cost(s, choice[side.other]));
      if (cost < least) {
        least = cost;
        choice[node] = s;
      }
    }
    if (choice[node] < 0)
      return node;
    for (const Side &side : sides[node])
      if (side.other != node && choice[side.other] < 0 && !strikeOut(side, choice[node]))
        return side.other;
  }
  return -1;
}

void Greedy::improve() {
  constexpr int rounds = 4;
  bool better = true;
  for (int round = 0; round < rounds && better; ++round) {
    better = false;
    for (int node : order) {
      int best = choice[node];
      auto costOf = [&](int s) {
        double cost = alone(node, s);
        for (const Side &side : sides[node])
          if (side.other != node)
            cost += priced(side.cost(s, choice[side.other]));
        return cost;
      };
      double least = costOf(best);
      for (int s = 0; s < sizeOf(node); ++s)
        if (double cost = costOf(s); cost < least) {
          least = cost;
          best = s;
        }
      better |= best != choice[node];
      choice[node] = best;
    }
  }
}

std::optional<Solution> Greedy::run(double newPrice) {
  memoryAlone = newPrice == memoryOnly;
  price = memoryAlone ? 0 : newPrice;
  const int attempts = std::clamp(static_cast<int>(2e8 / (1 + cells)), 3, 50);
  for (int number = 0; number < attempts; ++number) {
    const int stuck = attempt();
    if (stuck < 0) {
      improve();
      return choice;
    }
    if (stuck == order.front())
      return std::nullopt;
    order.erase(std::find(order.begin(), order.end(), stuck));
    order.insert(order.begin(), stuck);
  }
  return std::nullopt;
}

double Greedy::volume(const Solution &solution) const {
  double sum = 0;
  for (size_t node = 0; node < solution.size(); ++node)
    sum += volumes[node][solution[node]];
  return sum;
}

} // namespace

void firstSolutions(const Problem &problem, const std::function<bool(const Solution &)> &offer) {
  Greedy greedy(problem);
  std::optional<Solution> cheapest = greedy.run(0);
  if (!cheapest || offer(*cheapest) || !problem.usageLimit)
    return;
  // Memory as dear as all else, then ever dearer, at last for nothing else.
  const double cost = std::abs(static_cast<double>(check(problem, *cheapest).cost));
  const double even = cost / std::max(1.0, greedy.volume(*cheapest));
  for (double price : {even, 10 * even, 100 * even, Greedy::memoryOnly})
    if (std::optional<Solution> next = greedy.run(price); next && offer(*next))
      return;
}

} // namespace autopar::ilp
