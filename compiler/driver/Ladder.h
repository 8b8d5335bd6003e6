// Limits that are tried under a budget stand on a ladder that the model alone fixes: rung 0 is what
// it takes where memory is plentiful, and each rung is the same share lower than the one before.
// Budgets only say where to step on it, so a larger one does not miss what a smaller one finds.
#ifndef AUTOPAR_COMPILER_DRIVER_LADDER_H
#define AUTOPAR_COMPILER_DRIVER_LADDER_H

#include <cstdint>

namespace autopar {

class Ladder {
public:
  /// `perHalving` rungs from any number of bytes to half of it.
  Ladder(int64_t top, int perHalving) : top(top), perHalving(perHalving) {}

  int64_t bytes(int rung) const;
  /// The lowest rung that is not below `bytes`; 0 where all are.
  int above(int64_t bytes) const;
  /// Whole rungs from `more` bytes down to `fewer`, rounded down.
  int between(int64_t more, int64_t fewer) const;

private:
  int64_t top;
  int perHalving;
};

} // namespace autopar

#endif
