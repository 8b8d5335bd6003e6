// The only file pair of this room that speaks to COIN-OR: CBC for the integer program and
// Clp, on which CBC stands, for its linear relaxation. (remat/Program.h asks CBC for a whole
// program once, and keeps nothing warm.) Both are built with
// assertions, some of which fail on sound programs: call them in a child process
// (compiler/solvers/Apart.h), as IntegerProgram.h does.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_CBC_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_CBC_H

#include "compiler/solvers/ilp/Clock.h"
#include "compiler/solvers/ilp/Formulation.h"

#include <functional>

namespace autopar::ilp {

struct CbcOptions {
  /// Looked at in every iteration of the simplex method: CBC's own clock is, too,
  /// but between relaxations, one of which may take minutes. Must be given.
  Clock *clock = nullptr;
  double relativeGap = 0;
  uint32_t seed = 1;
  bool verbose = false;
  std::optional<double> cutoff; // objective above which nothing is wanted
  /// Called with the columns of each solution on the way.
  std::function<void(std::span<const double>)> onSolution;
};

struct CbcOutcome {
  enum Kind {
    Optimal,    // `columns` is best, within relativeGap
    Feasible,   // `columns` is the best found in time
    Infeasible, // proven: nothing under the cutoff
    Unknown,    // the time was over first
  } kind = Unknown;
  std::vector<double> columns;
  double objective = 0;
  /// No solution has less; objective units. Minus infinity where CBC was
  /// stopped before it had any.
  double bound = 0;
};

CbcOutcome solveWithCbc(const Formulation &formulation, const CbcOptions &options);

/// The linear relaxation, kept warm while moments are added.
class Relaxation {
public:
  explicit Relaxation(Formulation &formulation);
  ~Relaxation();
  Relaxation(const Relaxation &) = delete;
  Relaxation &operator=(const Relaxation &) = delete;

  enum Kind { Solved, Infeasible, OutOfTime };
  /// Solves, adds the moments over the model's limit, and again until none is
  /// or the time is over.
  Kind solve(Clock &clock);

  double objective() const;                // of the last Solved
  std::span<const double> columns() const; // likewise
  std::span<const double> duals() const;   // likewise, a row each

private:
  void addNewRows();

  Formulation &formulation;
  struct Implementation;
  Implementation *clp;
  int rowsLoaded = 0;
};

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_CBC_H
