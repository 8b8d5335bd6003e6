// Which pieces of the variables a rank writes into a checkpoint. Every element is written by one
// rank, and ranks that hold the same share the work: each writes some rows of what they hold.

#ifndef AUTOPAR_CORE_CHECKPOINT_PIECES_H
#define AUTOPAR_CORE_CHECKPOINT_PIECES_H

#include "autopar/core/Block.h"
#include "autopar/core/Place.h"

#include <cstddef>
#include <span>
#include <vector>

namespace autopar::inline runtime {

/// Rows of a rank's shard.
struct Piece {
  size_t variable; ///< which of the list
  Block block;     ///< of the variable, in its global shape
  size_t offset;   ///< in the rank's shard, in bytes
  size_t bytes;
};

/// What the rank at `place` writes, in the variables' order; of a variable one piece at most, and of
/// its padding none.
std::vector<Piece> piecesOf(std::span<const Variable> variables, const Place &place);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_PIECES_H
