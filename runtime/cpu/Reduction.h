// Sums and maxima over dimensions of a tensor, and the repetition along them.
#ifndef AUTOPAR_RUNTIME_CPU_REDUCTION_H
#define AUTOPAR_RUNTIME_CPU_REDUCTION_H

#include "autopar/core/Shape.h"

#include <cstddef>

namespace autopar::cpu {

/// y = the sums of x [shape] over its dimensions `dims`, ascending; the others stand in y in
/// their order. In double precision, in an order that follows from the shape.
struct Sum {
  Shape shape, dims;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const float *x, float *y, void *workspace) const;
};

/// The largest elements instead; a NaN where one is.
struct Max {
  Shape shape, dims;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const float *x, float *y, void *workspace) const;
};

/// y [shape] = x, which has all dimensions but `dims`, repeated along these.
struct Expand {
  Shape shape, dims;
  void operator()(const float *x, float *y) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_REDUCTION_H
