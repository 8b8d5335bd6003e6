// Which block of a whole tensor a call works on: what the block's elements are counted by
// where that must not depend on the mesh (dropout's random numbers, a split vocabulary).

#ifndef AUTOPAR_CORE_PART_H
#define AUTOPAR_CORE_PART_H

#include "autopar/core/Shape.h"

namespace autopar::inline runtime {

/// The block of a tensor [whole] that begins at `begin`; its own shape is the call's.
/// `{.whole = {8, 64, 128}, .begin = {4, 0, 64}}`.
struct Part {
  Shape whole;
  Shape begin;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_PART_H
