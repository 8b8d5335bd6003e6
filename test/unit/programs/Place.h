// The rank that an operation or a call runs on, as far as what it computes depends on that.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_PLACE_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_PLACE_H

#include "test/unit/programs/Attention.h"

#include "dialects/dist/Dist.h"

namespace autopar {

struct Place {
  const Mesh &mesh;
  int64_t rank;

  Block block(dist::PartAttr part) const {
    return {part.begin(mesh, rank), llvm::SmallVector<int64_t>(part.getWhole())};
  }
  /// All of a tensor of `shape` where the operation knows of no part.
  Block block(std::optional<dist::PartAttr> part, Shape shape) const {
    if (part)
      return block(*part);
    return {llvm::SmallVector<int64_t>(shape.size(), 0), llvm::SmallVector<int64_t>(shape)};
  }
};

} // namespace autopar

#endif
