// A box of a global tensor, as runs of elements that are contiguous both in it and in the tensor.
// Initialisation, checkpoints and input data all walk what a rank holds this way.

#ifndef AUTOPAR_CORE_BLOCK_H
#define AUTOPAR_CORE_BLOCK_H

#include "autopar/core/Shape.h"

#include <functional>

namespace autopar::inline runtime {

class Block {
public:
  /// Of a tensor [global] the elements from `begin` on, `shape` of them in each dimension, all
  /// inside of it.
  Block(const Shape &global, const Shape &begin, const Shape &shape)
      : global(global), box(shape), offsets(begin) {}

  const Shape &shape() const { return box; }
  const Shape &whole() const { return global; }

  /// Where it begins in dimension `dim` of the global tensor.
  int64_t begin(int dim) const { return offsets[dim]; }
  const Shape &begin() const { return offsets; }

  /// Calls `run(globalIndex, localIndex, count)` for each run of `count` elements, row-major in
  /// both, in ascending order of either index.
  void forEachRun(const std::function<void(int64_t, int64_t, int64_t)> &run) const;

protected:
  explicit Block(const Shape &global) : global(global) {}

  Shape global, box, offsets;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_BLOCK_H
