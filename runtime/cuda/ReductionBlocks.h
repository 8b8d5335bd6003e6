// How reductions are shared out on GPUs, for those who plan workspaces and for the kernels.
#ifndef AUTOPAR_RUNTIME_CUDA_REDUCTIONBLOCKS_H
#define AUTOPAR_RUNTIME_CUDA_REDUCTIONBLOCKS_H

#include "autopar/core/Reduction.h"

namespace autopar::cuda {

/// Blocks enough for 132 processors, of no fewer elements than are worth one.
constexpr Reduction reductionOf(const Shape &shape, const Shape &dims) {
  return Reduction(shape, dims, /*mostBlocks=*/4096, /*leastElements=*/1 << 12);
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_REDUCTIONBLOCKS_H
