// Pooling over windows, and its gradients, by own kernels: one pass over memory, and gradients
// gather what windows give each element, in one order. See runtime/cpu/Pool.h for what each
// computes. T is float, bf16 or f16.
#ifndef AUTOPAR_RUNTIME_CUDA_POOL_H
#define AUTOPAR_RUNTIME_CUDA_POOL_H

#include "autopar/core/shapes/Pool.h"
#include "autopar/cuda/Elements.h"

#include <cstddef>
#include <cstdint>

namespace autopar::cuda {

class Context;

using PoolShape = shapes::Pool;

/// What the calls share. They need no workspace: it is there for targets whose libraries do.
class PoolCall {
public:
  size_t workspaceBytes() const { return 0; }
  void requireWorkspace(size_t) const {}

protected:
  /// \throws std::invalid_argument when the window does not fit the padded image.
  PoolCall(const char *call, const PoolShape &shape);
  PoolShape shape;
};

/// `indices`, of y's shape, is where in its window each largest element stood, the first of
/// equals. \throws std::invalid_argument when the window has more than 255 elements, so that a
/// byte cannot hold an index (so does the gradient).
class MaxPool : public PoolCall {
public:
  explicit MaxPool(const PoolShape &shape);
  template <class T>
  void operator()(const Context &context, const T *x, T *y, uint8_t *indices,
                  void *workspace) const;
};

class MaxPoolGrad : public PoolCall {
public:
  explicit MaxPoolGrad(const PoolShape &shape);
  template <class T>
  void operator()(const Context &context, const T *dy, const uint8_t *indices, T *dx,
                  void *workspace) const;
};

class AvgPool : public PoolCall {
public:
  explicit AvgPool(const PoolShape &shape);
  template <class T>
  void operator()(const Context &context, const T *x, T *y, void *workspace) const;
};

class AvgPoolGrad : public PoolCall {
public:
  explicit AvgPoolGrad(const PoolShape &shape);
  template <class T>
  void operator()(const Context &context, const T *dy, T *dx, void *workspace) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_POOL_H
