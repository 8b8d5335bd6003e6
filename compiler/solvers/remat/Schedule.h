// A schedule is the sequence of operations as they run; an operation that runs
// again stands in it again. Everything else follows from that: a value is
// freed after its last use before it is made anew.
#ifndef AUTOPAR_COMPILER_SOLVERS_REMAT_SCHEDULE_H
#define AUTOPAR_COMPILER_SOLVERS_REMAT_SCHEDULE_H

#include "compiler/solvers/remat/Problem.h"

namespace autopar::remat {

using Sequence = std::vector<int>;

/// What a sequence costs, exactly.
struct Simulation {
  int64_t cost = 0;
  int64_t peak = 0;
  size_t peakAt = 0;          ///< position in the sequence
  std::vector<int64_t> live;  ///< bytes while each position runs
};

/// Simulates a sound sequence.
Simulation simulate(const Problem &problem, const Sequence &sequence);

/// The order without recomputation.
Sequence originalOrder(const Problem &problem);

/// Checks a schedule from anywhere: every operation runs, those that may not
/// run twice run once and in order, every input is there, and the memory stays
/// within `budget`. Returns what is wrong or nothing. Walks the sequence with
/// values in hand; shares no code with the simulator or the solvers.
std::optional<std::string> check(const Problem &problem, const Sequence &sequence,
                                 int64_t budget);

} // namespace autopar::remat

#endif
