// The model as an integer program: a binary for each strategy, a continuous
// variable for each finite pair of a link, and for each link the sums over its
// rows and columns tied to the binaries of both ends. That is the local
// polytope: far tighter than e >= s + s' - 1. Equal rows (columns) of a link
// share one sum. Memory comes as one row a moment, added as it is violated.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_FORMULATION_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_FORMULATION_H

#include "compiler/solvers/ilp/Model.h"

#include <span>

namespace autopar::ilp {

class Formulation {
public:
  enum class Objective {
    Cost,
    Peak, // least largest memory; one more column stands for it
  };

  /// Over the given living variables, which must be closed under links.
  Formulation(const Model &model, std::vector<int> variables, Objective objective);

  /// Columns that all living variables of a model would have; counting ends where
  /// there are more than `most`.
  static int countColumns(const Model &model, int most);

  /// Adds the memory row of a moment, once. False where it is there already.
  bool addMoment(int moment);
  /// Lowers what a moment's row allows: rounding let a violation through.
  void tightenMoment(int moment, Int128 bytes);
  bool hasMoment(int moment) const { return momentRow[moment] >= 0; }

  /// Memory at each moment: held plus what the columns' values hold.
  std::vector<double> usage(std::span<const double> columns) const;

  /// Adds the rows of moments where `usage` exceeds `limit`: of each run of such
  /// moments the worst, at most `most` of them. Returns how many.
  int addViolated(const std::vector<double> &usage, double limit, int most);

  /// What a byte more at every moment takes off the program's cost, by the duals
  /// of its rows.
  double priceOfMemory(std::span<const double> duals) const;

  int columnOf(int variable, int strategy) const { return firstColumn[variable] + strategy; }
  int columns() const { return static_cast<int>(cost.size()); }
  int rows() const { return static_cast<int>(rowLower.size()); }

  /// Objective value of the program -> cost in the problem's unit.
  double toCost(double value) const { return value * costUnit + static_cast<double>(offset); }
  double toObjective(double cost) const {
    return (cost - static_cast<double>(offset)) / costUnit;
  }

  /// Column-wise sparse form.
  struct Columns {
    std::vector<int> start, index;
    std::vector<double> value;
  };
  Columns assemble() const;

  const Model &model;
  std::vector<int> variables;
  int binaries = 0;
  double costUnit = 1;  // cost of one unit of the objective
  double bytesUnit = 1; // bytes of one unit of a memory row
  std::vector<double> cost, columnUpper;
  std::vector<double> rowLower, rowUpper;

private:
  void addLinks(int link);
  Objective objective;
  Int128 offset = 0;
  std::vector<int> firstColumn;                                // [model's variables]
  std::vector<std::vector<std::pair<int, double>>> binaryRows; // entries of each binary
  std::vector<std::pair<int, int>> pairRows;                   // the two rows of each pair
  std::vector<std::pair<int, double>> peakRows;
  std::vector<int> momentRow;
  std::vector<std::vector<std::pair<int, int>>> living; // [moments]: (variable, segment)
};

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_FORMULATION_H
