// Lower bounds for models too large for simplex. Costs are shifted between
// variables and links by sequential tree-reweighted message passing
// (Kolmogorov 2006); memory is relaxed with a price at each moment, raised
// where the decoded choice is over the limit. A pass is linear in the cells of
// all links, so a minute holds thousands; the bound comes close to that of the
// linear program. What stays of each strategy's cost tells which strategies no
// better solution can have.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_DUALASCENT_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_DUALASCENT_H

#include "compiler/solvers/ilp/Clock.h"
#include "compiler/solvers/ilp/Model.h"

#include <algorithm>

namespace autopar::ilp {

class DualAscent {
public:
  enum class Aim {
    Cost, // bounds cost; every moment's memory must fit
    Peak, // bounds the largest excess over the limit, which may be negative; costs aside
  };
  explicit DualAscent(const Model &model, Aim aim = Aim::Cost);

  /// Takes over prices and shifted costs where moments, variables and links
  /// are still the same: the model was reduced in between.
  void adopt(const DualAscent &earlier);

  /// One round: a pass forward, a pass back, and a step of the prices.
  void step();

  /// Of a round, or of anything else that visits all cells a few times.
  Work work() const { return static_cast<Work>(2 * (cost.size() + shift.size()) + 1); }

  double bound() const { return bestBound; }
  /// Goes back to the prices and shifts of the best bound.
  void restoreBest();
  /// The same in exact integers: shifts and prices, rounded, are still a proof.
  Int128 certifiedBound() const;

  /// The choice that the last pass decoded; [the model's variables].
  const std::vector<int> &decoded() const { return choice; }
  double decodedCost() const;
  /// Over all moments, the largest excess of the decoded choice over the limit.
  double decodedExcess() const { return excess; }

  /// What a byte more at every moment takes off the best bound: with Aim::Cost
  /// the shadow price of memory, as the relaxation sees it.
  double priceOfMemory() const;
  /// The same by moment, [the model's moments].
  const std::vector<double> &pricesOfMemory() const { return bestPrices; }

  /// Lists strategies and pairs that any solution under `upper` can do without.
  struct Prunable {
    std::vector<std::pair<int, std::vector<char>>> keep; // variable, [strategies]
    std::vector<std::pair<int, std::vector<std::pair<int, int>>>> pairs; // link, (a's, b's)
  };
  Prunable prune(double upper);

  /// How much the bound rose when a strategy had to be taken, at the last
  /// prune(): [variables][strategies], empty where not alive.
  const std::vector<std::vector<double>> &excesses() const { return strategyExcess; }

  /// Name of the strategy of least excess at the last prune().
  int idOfLeast(int variable) const {
    const std::vector<double> &excess = strategyExcess[variable];
    return ids[position[variable]]
              [std::min_element(excess.begin(), excess.end()) - excess.begin()];
  }

private:
  /// A link with its first end before its second in the order.
  struct Pairing {
    int link, first, second; // positions
    int rows, columns;
    size_t cells;             // into `cost`, row-major, and `transposed`
    size_t firstAt, secondAt; // into `shift` and `marginal`
  };
  double pass(bool forward, bool decode);
  void price();
  void updatePrices();
  void scalePrices();
  void adoptShifts(const DualAscent &earlier);
  void gather(int position, bool forward);
  void marginalOfFirst(const Pairing &pairing);
  void marginalOfSecond(const Pairing &pairing);

  const Model &model;
  Aim aim;
  std::vector<Time> times;           // the model's, as they were
  std::vector<std::vector<int>> ids; // positions: of the strategies, as they were
  std::vector<int> order;            // positions -> variables
  std::vector<int> position;         // variables -> positions, -1 where not alive
  std::vector<size_t> at;            // positions -> into `base`, `priced`
  std::vector<double> base, priced;
  std::vector<Pairing> pairings;
  std::vector<std::vector<int>> before, after; // positions -> pairings
  std::vector<double> cost, transposed;
  double impossible = 1000;     // the cost of what may never be
  std::vector<double> shift;    // moved from the variable into the link
  std::vector<double> marginal; // least of a link's shifted cost, per strategy of one end
  std::vector<double> gathered; // of one position
  std::vector<double> least;    // positions: constant extracted there
  double offset = 0;

  std::vector<double> prices, priceSum; // [moments], prefix sums
  std::vector<double> usage, average;   // [moments]
  double stepSize = 0;
  int rounds = 0;
  double bestBound;
  std::vector<double> bestPrices, bestShift;

  std::vector<int> choice;
  double excess = 0;
  std::vector<std::vector<double>> strategyExcess;
};

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_DUALASCENT_H
