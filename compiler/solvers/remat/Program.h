// A sparse program, built row by row, and its solution by CBC: in a process of its own, as CBC 2.10.8
// ends by an assertion now and then (seen: ClpNonLinearCost.cpp, OsiClpSolverInterface.cpp), with
// nothing of ours called by it.
#ifndef AUTOPAR_COMPILER_SOLVERS_REMAT_PROGRAM_H
#define AUTOPAR_COMPILER_SOLVERS_REMAT_PROGRAM_H

#include "compiler/solvers/Apart.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace autopar::remat {

/// A variable of the program: a column, or a value that is already decided.
struct Variable {
  int column = -1;
  double value = 0;

  bool isColumn() const { return column >= 0; }
};

/// One side of a row: columns with factors, and what the decided ones add.
struct Sum {
  std::vector<std::pair<int, double>> terms;
  double constant = 0;

  void add(Variable variable, double factor) {
    if (variable.isColumn())
      terms.emplace_back(variable.column, factor);
    else
      constant += factor * variable.value;
  }
};

struct Program {
  static constexpr double infinity = 1e30;

  std::vector<double> cost, lower, upper;
  std::vector<char> integer;
  std::vector<std::vector<std::pair<int, double>>> columns;
  std::vector<double> rowLower, rowUpper;
  bool sound = true; ///< no row without columns is violated

  /// Values of columns in a solution that is known, where one is.
  std::vector<std::pair<int, double>> start = {};

  Variable addColumn(double columnCost, bool binary) {
    cost.push_back(columnCost);
    lower.push_back(0);
    upper.push_back(1);
    integer.push_back(binary);
    columns.emplace_back();
    return {static_cast<int>(cost.size()) - 1};
  }
  void addRow(const Sum &sum, double low, double high) {
    low -= sum.constant;
    high -= sum.constant;
    if (sum.terms.empty()) {
      sound &= low <= 1e-9 && high >= -1e-9;
      return;
    }
    for (auto [column, factor] : sum.terms)
      columns[column].emplace_back(static_cast<int>(rowLower.size()), factor);
    rowLower.push_back(low);
    rowUpper.push_back(high);
  }
};

struct ProgramAnswer {
  enum Kind { Optimal, Feasible, Infeasible, Unknown } kind = Unknown;
  std::vector<double> columns; ///< Optimal or Feasible
  double bound = 0;            ///< no solution has less, where it is positive
  std::string fault = {};      ///< how CBC ended, where it crashed
  double seconds = 0;          ///< of its processor time
};

/// Minimises, for about so many seconds of processor time and never for much longer. A solution
/// within `allowedGap` of the bound is good enough.
ProgramAnswer solveByCbc(const Program &program, double seconds, double allowedGap);

} // namespace autopar::remat

#endif
