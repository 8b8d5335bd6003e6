// A problem of the compiler's own kind, without the compiler: a residual
// network's training step on a two-axis mesh. Strategies are pairs of a
// sharding read and one written; edges cost what resharding moves.

#ifndef AUTOPAR_TEST_UNIT_ILP_TRAININGSTEP_H
#define AUTOPAR_TEST_UNIT_ILP_TRAININGSTEP_H

#include "compiler/solvers/ilp/Problem.h"

#include <random>

namespace autopar::ilp {

/// `blocks` residual blocks of three layers: for each layer a forward and a
/// backward node, a weight, its gradient and its update; activations live until
/// their backward node. 5 nodes a layer, about 7 edges.
inline Problem trainingStep(int blocks, uint32_t seed) {
  std::mt19937 generator(seed);
  auto number = [&](int64_t from, int64_t to) {
    return std::uniform_int_distribution<int64_t>(from, to)(generator);
  };
  // Specs: rows and columns each whole or split over x, y or both, by 4 and 8.
  struct Spec {
    int rows, columns, ways;
  };
  const std::vector<Spec> specs = {{0, 0, 1}, {1, 0, 4}, {0, 1, 4},  {2, 0, 8},
                                   {0, 2, 8}, {1, 2, 32}, {2, 1, 32}, {3, 0, 32}, {0, 3, 32}};
  auto reshard = [&](const Spec &from, const Spec &to, int64_t bytes) -> Cost {
    if (from.rows == to.rows && from.columns == to.columns)
      return 0;
    int64_t latency = 5'000'000; // picoseconds
    return latency + bytes * 10 / std::min(from.ways, to.ways);
  };
  struct Choice {
    int reads, writes;
  };
  std::vector<std::vector<Choice>> choices;
  Problem problem;
  int layers = 3 * blocks;
  Time steps = 3 * layers;
  auto addNode = [&](int64_t work, int64_t bytes, Time begin, Time end, bool free) {
    Node node;
    std::vector<Choice> own;
    Use use{begin, end, {}};
    for (int r = 0; r < static_cast<int>(specs.size()); ++r)
      for (int w = 0; w < static_cast<int>(specs.size()); ++w) {
        if (free ? r != w : (r * 7 + w * 3) % 2) // about 40 strategies of 81
          continue;
        int ways = std::max(specs[r].ways, specs[w].ways);
        own.push_back({r, w});
        node.costs.push_back(free ? 0 : work / ways + number(0, 1000) * 1000);
        use.bytes.push_back(bytes / specs[w].ways);
      }
    node.uses.push_back(use);
    problem.nodes.push_back(node);
    choices.push_back(own);
    return static_cast<int>(problem.nodes.size()) - 1;
  };
  auto addEdge = [&](int from, int to, int64_t bytes) {
    Edge edge{from, to, {}};
    for (Choice f : choices[from])
      for (Choice t : choices[to])
        edge.costs.push_back(reshard(specs[f.writes], specs[t.reads], bytes));
    problem.edges.push_back(edge);
  };
  std::vector<int> forward, backward(layers), weight;
  for (int l = 0; l < layers; ++l) {
    int64_t bytes = number(1, 64) << 20;
    weight.push_back(addNode(0, bytes / 8, 0, steps, true));
    forward.push_back(addNode(bytes * 200, bytes, l, 2 * layers - l, false));
    addEdge(weight[l], forward[l], bytes / 8);
    if (l)
      addEdge(forward[l - 1], forward[l], bytes);
    if (l >= 3 && l % 3 == 2)
      addEdge(forward[l - 3], forward[l], bytes);
  }
  for (int l = layers - 1; l >= 0; --l) {
    int64_t bytes = problem.nodes[forward[l]].uses[0].bytes[0];
    Time now = 2 * layers - l;
    backward[l] = addNode(bytes * 400, bytes, now, now + 2, false);
    addEdge(forward[l], backward[l], bytes);
    if (l + 1 < layers)
      addEdge(backward[l + 1], backward[l], bytes);
    if (l + 3 < layers && l % 3 == 2)
      addEdge(backward[l + 3], backward[l], bytes);
    int gradient = addNode(bytes * 200, bytes / 8, now, steps, false);
    addEdge(backward[l], gradient, bytes);
    int update = addNode(1000, 0, steps - 1, steps, true);
    addEdge(gradient, update, bytes / 8);
    addEdge(update, weight[l], bytes / 8);
  }
  return problem;
}

} // namespace autopar::ilp

#endif // AUTOPAR_TEST_UNIT_ILP_TRAININGSTEP_H
