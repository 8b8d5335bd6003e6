// The exact half of the planner: is there a packing within a capacity?
//
// Any packing can be pushed down until each item lies at zero or on top of one
// that lives at the same time. So items are placed from the bottom up, each at
// the top of what already stands in its sections (its floor), and a branch
// ends as soon as some section cannot take what is left for it. After
// MiniMalloc (Moffitt, ASPLOS 2023).
#ifndef AUTOPAR_COMPILER_SOLVERS_PACKING_CANONICALSEARCH_H
#define AUTOPAR_COMPILER_SOLVERS_PACKING_CANONICALSEARCH_H

#include "compiler/solvers/packing/Items.h"

#include "compiler/solvers/ProcessorClock.h"

namespace autopar::packing {

enum class SearchStatus { Found, Impossible, TimedOut };

struct SearchResult {
  SearchStatus status = SearchStatus::TimedOut;
  Offsets offsets; ///< when found
  int64_t nodes = 0;
};

using Deadline = ProcessorClock::time_point;

/// Searches for offsets within `capacity` units.
SearchResult searchCanonical(const Items &problem, int64_t capacity, Deadline deadline);

} // namespace autopar::packing

#endif
