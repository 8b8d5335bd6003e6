// The packing problem as the searches see it: groups merged into items, sizes
// in units of the alignment, time cut into sections between which nothing
// begins or ends. Private to this room.
#ifndef AUTOPAR_COMPILER_SOLVERS_PACKING_ITEMS_H
#define AUTOPAR_COMPILER_SOLVERS_PACKING_ITEMS_H

#include "compiler/solvers/packing/Packing.h"

namespace autopar::packing {

/// One piece of storage: a buffer, or a group that shares an offset.
struct Item {
  int64_t begin, end; ///< sections, half-open
  int64_t size;       ///< units, > 0
  int64_t lifetime;   ///< in the buffers' own time
};

struct Items {
  std::vector<Item> items;
  int64_t sections = 0;
  int64_t largestLiveSet = 0; ///< units
  /// Item of each buffer; -1 where it holds nothing (no bytes or no time).
  std::vector<int64_t> itemOf;
};

/// Builds the items of valid buffers.
Items buildItems(const std::vector<Buffer> &buffers, int64_t alignment);

/// Offsets in units, one for each item.
using Offsets = std::vector<int64_t>;

/// The highest end of an item: the arena these offsets need, in units.
int64_t height(const Items &problem, const Offsets &offsets);

} // namespace autopar::packing

#endif
