// The form in which a schedule is searched: for each operation of the original
// order, the set of what runs again just before it. Any such sets are a sound
// schedule, so a move is to put one member in or take one out, and what that
// changes is counted in about a microsecond, without simulating the rest.
#ifndef AUTOPAR_COMPILER_SOLVERS_REMAT_RERUNS_H
#define AUTOPAR_COMPILER_SOLVERS_REMAT_RERUNS_H

#include "compiler/solvers/remat/Schedule.h"

namespace autopar::remat {

class Reruns {
public:
  /// Nothing runs again.
  Reruns(const Problem &problem, int64_t budget);

  struct Use {
    int step, reader;
    auto operator<=>(const Use &) const = default;
  };

  /// What runs again before the first run of `step`, ascending.
  const std::vector<int> &before(int step) const { return again[step]; }
  /// The steps in which a value is made: its own, then those where it runs again.
  const std::vector<int> &runs(int value) const { return madeIn[value]; }
  /// Who reads a value in which step, ascending.
  const std::vector<Use> &uses(int value) const { return usedIn[value]; }

  bool has(int step, int value) const;
  /// Neither is there yet, nor is the value made later than the step.
  void insert(int step, int value);
  void erase(int step, int value);

  /// Whether the value is held while `step` begins, made in an earlier one.
  bool isHeld(int value, int step) const;
  /// Where the life of a value that covers `step` begins.
  int lifeBegin(int value, int step) const;
  /// The step of a life's last use, -1 where it is never used; `step` is any
  /// of the life's.
  int lastUse(int value, int step) const;

  int64_t cost() const { return extraCost; }
  /// Bytes over the budget, summed over all that runs.
  double excess() const;
  /// How many operations run over the budget in a step, its own and those before it.
  int over(int step) const;
  /// A double, exact to 2^53 bytes.
  double peak() const;

  Sequence sequence() const;
  /// The sets of a schedule; what they cannot say (two runs of one value
  /// between two first runs, another order there) is left out.
  static Reruns read(const Problem &problem, int64_t budget, const Sequence &sequence);

private:
  void addUse(int value, Use use);
  void removeUse(int value, Use use);
  void hold(int value, int from, int to, double sign);
  void count(int step);
  void countStale();

  const Problem *problem;
  double budget;
  int64_t extraCost = 0;
  std::vector<std::vector<int>> again, madeIn;
  std::vector<std::vector<Use>> usedIn;
  std::vector<int> busy; ///< steps before which something runs again
  /// Bytes by step: of what is held from an earlier to a later one; while the
  /// step's own operation runs, beside the former; likewise while each of
  /// what runs again before it does.
  std::vector<double> through, own;
  std::vector<std::vector<double>> during;
  std::vector<int> stale; ///< steps to count
  std::vector<int> place; ///< scratch of count(): a value's last reader
};

} // namespace autopar::remat

#endif
