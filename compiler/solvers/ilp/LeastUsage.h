// The least memory a problem can do with, costs aside: what a user is told whose
// budget is too small, and where the solver starts when nothing fits at first.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_LEASTUSAGE_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_LEASTUSAGE_H

#include "compiler/solvers/ilp/Clock.h"
#include "compiler/solvers/ilp/Problem.h"

namespace autopar::ilp {

/// The smallest usage limit that has a solution, as far as it is known.
struct LeastUsage {
  Int128 bytes = 0;      // a solution with this peak was found
  Int128 lowerBound = 0; // and none has a smaller one than this
  bool proven = false;   // both are equal
  Solution solution;
  double seconds = 0;      // by the wall clock
  double apartSeconds = 0; // of processor time, of child processes
  Work work = 0;
};

struct LeastUsageOptions {
  double timeLimitSeconds = 10; // of processor time
  std::optional<Work> workLimit; // instead of the time
  /// A peak of this or less is good enough: stop there.
  std::optional<Int128> enough;
  uint32_t seed = 1;
};

/// Minimises the peak over all solutions of finite cost; the problem's own limit
/// is put aside. Nothing where none was found in time, or where there is none.
/// `problem` has been through validate().
std::optional<LeastUsage> leastUsage(const Problem &problem,
                                     const LeastUsageOptions &options = {});

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_LEASTUSAGE_H
