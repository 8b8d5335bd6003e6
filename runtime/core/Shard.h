// Which block of a global tensor a rank holds.

#ifndef AUTOPAR_CORE_SHARD_H
#define AUTOPAR_CORE_SHARD_H

#include "autopar/core/Block.h"
#include "autopar/core/Place.h"

namespace autopar::inline runtime {

class Shard : public Block {
public:
  /// The block of a tensor that lies at `place`. Throws std::invalid_argument
  /// when the axes do not divide a dimension.
  Shard(const Place &place, const Shape &global, const Split &split);
};

/// Whether `place` is the first of those that hold the same block: its
/// coordinate is 0 on every axis that splits nothing.
bool ownsBlock(const Place &place, const Split &split);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_SHARD_H
