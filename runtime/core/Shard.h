// Which part of a global tensor a rank holds, as runs of elements that are
// contiguous in both. Initialisation, checkpoints and input data all walk a
// shard this way.

#ifndef AUTOPAR_CORE_SHARD_H
#define AUTOPAR_CORE_SHARD_H

#include "autopar/core/Place.h"

#include <functional>

namespace autopar::inline runtime {

class Shard {
public:
  /// The block of a tensor that lies at `place`. Throws std::invalid_argument
  /// when the axes do not divide a dimension.
  Shard(const Place &place, const Shape &global, const Split &split);

  const Shape &shape() const { return local; }

  /// Where the block begins in dimension `dim` of the global tensor.
  int64_t begin(int dim) const { return offsets[dim]; }

  /// Calls `run(globalIndex, localIndex, count)` for each run of `count`
  /// elements, in ascending order of the local index.
  void forEachRun(const std::function<void(int64_t, int64_t, int64_t)> &run) const;

private:
  Shape global;
  Shape local;
  Shape offsets;
};

/// Whether `place` is the first of those that hold the same block: its
/// coordinate is 0 on every axis that splits nothing.
bool ownsBlock(const Place &place, const Split &split);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_SHARD_H
