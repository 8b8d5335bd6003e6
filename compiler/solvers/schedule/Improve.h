// Local search on an order: one operation at a time goes elsewhere.
#ifndef AUTOPAR_COMPILER_SOLVERS_SCHEDULE_IMPROVE_H
#define AUTOPAR_COMPILER_SOLVERS_SCHEDULE_IMPROVE_H

#include "compiler/solvers/schedule/Timeline.h"

namespace autopar::schedule {

/// Moves operations of `order` where that takes less time, or as much and fewer bytes, and
/// keeps within `peak`; tries `moves` of them. `order` must be sound and within `peak`, and
/// stays so.
void improve(const Problem &problem, int64_t peak, int moves, Order &order);

} // namespace autopar::schedule

#endif
