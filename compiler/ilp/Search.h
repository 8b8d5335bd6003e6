// What stands between presolve and CBC when the model is large: bounds by dual
// ascent, strategies and pairs that no better solution can have dropped, and
// the rest solved piece by piece around the best solution known. Everything it
// drops is proven; what it finds goes through the caller's checker.

#ifndef AUTOPAR_ILP_SEARCH_H
#define AUTOPAR_ILP_SEARCH_H

#include "compiler/ilp/DualAscent.h"
#include "compiler/ilp/IntegerProgram.h"
#include "compiler/ilp/Solver.h"

namespace autopar::ilp {

struct SearchHooks {
  std::function<double()> secondsLeft;
  /// A candidate for the checker.
  std::function<void(const Solution &)> offer;
  /// The best solution so far and its cost; null where there is none.
  std::function<const Solution *(Int128 &cost)> incumbent;
  /// No solution of the problem costs less.
  std::function<void(Int128)> raiseBound;
  /// Reports the size of a program handed to CBC.
  std::function<void(const ProgramResult &)> usedCbc;
  double relativeGap = 0;
  uint32_t seed = 1;
  bool verbose = false;
};

/// Searches `model`, which presolve has been through, until it is exhausted or
/// the time is over. True where it was exhausted: nothing in it is better than
/// the incumbent now known.
bool searchModel(Model model, const SearchHooks &hooks);

} // namespace autopar::ilp

#endif // AUTOPAR_ILP_SEARCH_H
