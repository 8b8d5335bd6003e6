// A tensor copied from any strides to any others: what products of awkward strides go through,
// and all of a transposition.
#ifndef AUTOPAR_RUNTIME_CUDA_STRIDEDCOPY_H
#define AUTOPAR_RUNTIME_CUDA_STRIDEDCOPY_H

#include "autopar/core/Shape.h"
#include "autopar/cuda/Stream.h"

namespace autopar::cuda {

/// The strides of a dense row-major tensor.
Shape denseStrides(const Shape &shape);

/// to[i · toStrides] = from[i · fromStrides] for every index i of `shape`. Strides in elements,
/// which are of `width` bytes: 1, 2, 4 or 8. Places must not overlap.
void copyStrided(const Stream &stream, const Shape &shape, const void *from,
                 const Shape &fromStrides, void *to, const Shape &toStrides, int width);

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_STRIDEDCOPY_H
