// Exact minimisation of graphs that are nearly trees, as training steps are: one
// variable after the other is replaced by a table of its best answers to its
// neighbours (dynamic programming along a tree decomposition). Where the tables
// stay small this proves in a second what branching cannot in minutes: the
// half-and-half relaxations of meshes whose axes are alike.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_ELIMINATION_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_ELIMINATION_H

#include "compiler/solvers/ilp/Clock.h"
#include "compiler/solvers/ilp/Model.h"

#include <span>

namespace autopar::ilp {

class Elimination {
public:
  /// Finds an order; no memory is considered. `model` must outlive this.
  explicit Elimination(const Model &model);

  /// Cells that all tables together visit: the work of a solve, about 3 ns each.
  /// Infinite where a single table would be larger than is stored.
  double cells() const { return total; }
  /// What even a slow machine visits of them.
  static constexpr double cellsASecond = 2e7;

  struct Answer {
    std::vector<int> choice; // local strategies, [the model's variables]
    Cost cost = 0;           // `never` where no choice is finite
  };
  /// Least sum of costs of links, each times `scale`, and of `unary`, [the
  /// model's variables][strategies]; sums must stay below `never`. Nothing where
  /// the clock ran out first.
  std::optional<Answer> solve(const std::vector<std::vector<Cost>> &unary, Cost scale,
                              Clock &clock) const;

private:
  /// Costs over all combinations of `scope`, the last the fastest.
  struct Table {
    std::vector<int> scope;
    std::vector<Cost> cells;
  };
  struct Step {
    int variable;
    std::vector<int> scope;     // its neighbours when it goes, ascending
    std::vector<uint16_t> best; // strategies, over all combinations of `scope`
  };
  bool reduce(Step &step, const std::vector<Table> &tables, const std::vector<int> &inputs,
              const std::vector<Cost> &unary, Table &result, Clock &clock) const;
  size_t sizeOf(std::span<const int> scope) const;

  const Model &model;
  std::vector<std::pair<int, std::vector<int>>> order; // variable, neighbours left
  double total = 0;
};

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_ELIMINATION_H
