// Sums and maxima over dimensions of a tensor, and the repetition along them: see
// runtime/cpu/Reduction.h. T is float, bf16 or f16; sums are in double precision.
#ifndef AUTOPAR_RUNTIME_CUDA_REDUCTION_H
#define AUTOPAR_RUNTIME_CUDA_REDUCTION_H

#include "autopar/core/Shape.h"
#include "autopar/cuda/Elements.h"

#include <cstddef>

namespace autopar::cuda {

class Context;

/// y = the sums of x [shape] over its dimensions `dims`.
struct Sum {
  Shape shape, dims;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  template <class T>
  void operator()(const Context &context, const T *x, T *y, void *workspace) const;
};

/// The largest elements instead; a NaN where one is.
struct Max {
  Shape shape, dims;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  template <class T>
  void operator()(const Context &context, const T *x, T *y, void *workspace) const;
};

/// y [shape] = x, which has all dimensions but `dims`, repeated along these.
struct Expand {
  Shape shape, dims;
  template <class T> void operator()(const Context &context, const T *x, T *y) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_REDUCTION_H
