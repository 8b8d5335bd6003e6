// Elimination under a memory limit: memory has a price at each moment, which
// elimination then minimises exactly, and prices rise where the answer holds too
// much. The bound is tighter than dual ascent's, which relaxes links as well.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_PRICEDELIMINATION_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_PRICEDELIMINATION_H

#include "compiler/solvers/ilp/Elimination.h"

namespace autopar::ilp {

class PricedElimination {
public:
  /// Begins with `prices`, [the model's moments], in cost a byte.
  PricedElimination(const Model &model, const Elimination &elimination,
                    std::vector<double> prices);

  struct Round {
    std::vector<int> choice; // best under the prices, whether it fits or not
    Int128 bound = 0;        // no choice within the limit costs less
    bool infeasible = false; // there is no finite choice at all
  };
  /// Minimises under the present prices, then moves them by a step that suits
  /// `upper`, the cost of a solution known or hoped for. Nothing where the
  /// clock ran out first.
  std::optional<Round> step(Int128 upper, Clock &clock);

private:
  void move(const std::vector<Int128> &usage, double shortfall);

  const Model &model;
  const Elimination &elimination;
  std::vector<double> prices;
  Cost scale = 1; // prices are whole in units of 1/scale
};

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_PRICEDELIMINATION_H
