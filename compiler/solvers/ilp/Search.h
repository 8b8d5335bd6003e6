// What stands between presolve and CBC when the model is large: bounds by dual
// ascent, strategies and pairs that no better solution can have dropped, and
// the rest solved piece by piece around the best solution known. Everything it
// drops is proven; what it finds goes through the caller's checker.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_SEARCH_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_SEARCH_H

#include "compiler/solvers/ilp/DualAscent.h"
#include "compiler/solvers/ilp/Exchange.h"
#include "compiler/solvers/ilp/IntegerProgram.h"

namespace autopar::ilp {

struct SearchOptions {
  double relativeGap = 0;
  uint32_t seed = 1;
  bool verbose = false;
  /// Looks for solutions only, and leaves bounds on the whole to another thread.
  bool helps = false;
  /// Looks for a solution for a little while even where the clock has run out: there is none.
  bool insists = false;
};

/// Of the programs handed to CBC.
struct SearchStats {
  int64_t rows = 0, columns = 0; // the largest
  int memoryRounds = 0;          // times rows for violated moments were added
  std::string fault;             // of the first that crashed
};

/// Searches `model`, which presolve has been through, until it is exhausted or
/// the worker's clock has run out; tells the worker what it finds.
SearchStats searchModel(Model model, Worker &worker, const SearchOptions &options);

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_SEARCH_H
