// The search over what runs again before each operation (Reruns.h): quick on
// graphs of thousands of operations, and at its best where the budget is so
// tight that the ILP needs too many moments. It proves nothing.
#ifndef AUTOPAR_COMPILER_SOLVERS_REMAT_LOCALSEARCH_H
#define AUTOPAR_COMPILER_SOLVERS_REMAT_LOCALSEARCH_H

#include "compiler/solvers/remat/Methods.h"
#include "compiler/solvers/remat/Reruns.h"

#include <random>

namespace autopar::remat {

class LocalSearch {
public:
  LocalSearch(const Problem &problem, Best &best);

  /// From scratch: drops whatever takes the most excess away for its cost,
  /// until the schedule fits, and then takes back what was too much. Goes on
  /// from the best schedule known where that is better.
  void build(const Clock &clock);

  /// Tears parts of the schedule down and builds them anew, which is kept
  /// where it is better, early on also where it is a little worse.
  void rebuild(int rounds, const Clock &clock);

  /// Simulated annealing over single moves, the excess at a price that rises
  /// until most of what is seen fits.
  void anneal(int moves, const Clock &clock);

  /// Both by turns until the time is over, `bound` is met or nothing more is found in a few turns.
  void polish(double bound, const Clock &clock);

private:
  /// How a value runs again where inputs of it are not held either.
  struct Manner {
    int depth;  ///< how far back inputs run again too; beyond that they are held
    bool early; ///< an input that would run again later does so here instead
  };
  static const Manner manners[5];
  struct Gap;

  // Moves, noted so that they can be taken back.
  void put(int step, int value);
  void take(int step, int value);
  void undo();
  void keep();

  /// Lets a value go after its last use before `step` and runs it again there.
  void drop(int step, int value, Manner manner);
  /// Holds a value from the life before on rather than run it again; so too
  /// inputs that ran for it alone.
  void hold(int step, int value);
  void takeIfUnused(int step, int value);

  void start(const Reruns &from);
  void fit(const Clock &clock);
  void thin();
  std::vector<Gap> gaps() const;
  void rate(Gap &gap);
  void tearDown();
  void moveOne();
  void offer(const char *method);
  int below(size_t n) { return static_cast<int>(random() % n); }
  double chance() { return double(random()) / 4294967296.0; }

  const Problem &problem;
  Best &best;
  Reruns state;
  double excess; ///< of the state, when the last move was kept
  struct Change {
    int step, value;
    bool added;
  };
  std::vector<Change> changes;
  std::vector<int> values; ///< that may run again and are read
  std::mt19937 random{1};
};

} // namespace autopar::remat

#endif
