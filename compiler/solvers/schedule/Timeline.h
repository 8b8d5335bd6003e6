// When each operation of an order runs on the two streams, and what is held meanwhile.
// Computation goes on beside a collective until something that reads its value is called:
//
//   compute        | conv_grad_2 | conv_grad_1 |      | sgd_2 |
//   communication                | all_reduce_2       |
#ifndef AUTOPAR_COMPILER_SOLVERS_SCHEDULE_TIMELINE_H
#define AUTOPAR_COMPILER_SOLVERS_SCHEDULE_TIMELINE_H

#include "compiler/solvers/schedule/Problem.h"

namespace autopar::schedule {

struct Timeline {
  std::vector<int64_t> begin, end; ///< of each operation, by its index
  int64_t cost = 0;                ///< when both streams have ended
  int64_t computation = 0;         ///< the sum over operations that compute
  int64_t communication = 0;       ///< and over those that communicate
  int64_t peak = 0;                ///< most bytes held at one call

  /// Time in which nothing is computed because of communication.
  int64_t exposed() const { return cost - computation; }
  /// Communication that goes on beside computation.
  int64_t hidden() const { return communication - exposed(); }
};

/// A collective starts when the calls before it have ended on both streams. Whoever reads its
/// value, or follows it, and computes waits for it, and so for all collectives before it; what
/// a collective holds is held until it is waited for. With one stream, everything is one after
/// the other. `order` must be sound.
Timeline simulate(const Problem &problem, const Order &order, bool twoStreams = true);

} // namespace autopar::schedule

#endif
