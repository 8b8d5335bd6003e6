// A tensor with its dimensions in another order.
#ifndef AUTOPAR_RUNTIME_CUDA_TRANSPOSE_H
#define AUTOPAR_RUNTIME_CUDA_TRANSPOSE_H

#include "autopar/cuda/Context.h"
#include "autopar/cuda/StridedCopy.h"

namespace autopar::cuda {

/// x: [shape]; dimension i of y is dimension permutation[i] of x. Of any element type. \throws
/// std::invalid_argument when `permutation` is none of x's dimensions.
struct Transpose {
  Shape shape;
  Shape permutation;

  template <class T> void operator()(const Context &context, const T *x, T *y) const {
    const Sides sides = layOut();
    copyStrided(context.compute, sides.shape, x, sides.strides, y, denseStrides(sides.shape),
                sizeof(T));
  }

private:
  /// y's shape, and the strides of x in that order.
  struct Sides {
    Shape shape, strides;
  };
  Sides layOut() const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_TRANSPOSE_H
