// One connected part of a model solved as an integer program: the relaxation
// first, which is often whole already; then CBC; and memory rows for the
// moments that a replay finds over the limit, until there are none. All of that
// in a child process: where CBC or Clp crashes, the best answer until then is
// kept, and the limit is one even for a CBC that looks at no clock.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_INTEGERPROGRAM_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_INTEGERPROGRAM_H

#include "compiler/solvers/ilp/Cbc.h"

#include <functional>

namespace autopar::ilp {

/// CBC is at ease up to about this many columns.
inline constexpr int mostColumnsForCbc = 15000;

struct ProgramOptions {
  Clock *clock = nullptr; // must be given
  double relativeGap = 0;
  uint32_t seed = 1;
  bool verbose = false;
  /// Nothing that costs this much or more is wanted: Infeasible then means that
  /// there is nothing cheaper.
  std::optional<Int128> cutoff;
  /// Called with each better lower bound, in the problem's unit.
  std::function<void(double)> onBound;
  /// Called with each choice found on the way, which may not be within the model's limit.
  std::function<void(const std::vector<int> &)> onChoice;
};

struct ProgramResult {
  enum Kind { Optimal, Feasible, Infeasible, Unknown } kind = Unknown;
  /// [the model's variables]; entries of this part are set. To be checked where it is Feasible
  /// and there is a fault: it may not be within the limit.
  std::vector<int> choice;
  double bound = 0;        // no choice of this part costs less
  int64_t rows = 0, columns = 0;
  int rounds = 0;    // times rows for violated moments were added
  std::string fault; // how CBC or Clp ended, where it crashed
};

/// Variables that links or memory tie together, part by part.
std::vector<std::vector<int>> connectedParts(const Model &model);

/// Least cost within the model's limit.
ProgramResult solveForCost(const Model &model, const std::vector<int> &part,
                           const ProgramOptions &options);

/// Least peak over the model's moments, whatever it costs. `bound` is in bytes.
ProgramResult solveForPeak(const Model &model, const std::vector<int> &part,
                           const ProgramOptions &options);

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_INTEGERPROGRAM_H
