// Pooling over windows, and its gradients, by oneDNN. Over whole images it is average pooling
// with a window as large as the image.
#ifndef AUTOPAR_RUNTIME_CPU_POOL_H
#define AUTOPAR_RUNTIME_CPU_POOL_H

#include "autopar/core/shapes/Pool.h"
#include "autopar/cpu/OneDnnCall.h"

#include <cstdint>

namespace autopar::cpu {

using PoolShape = shapes::Pool;

/// `indices`, of y's shape, is where in its window each largest element stood (of several,
/// one). \throws std::invalid_argument when the window does not fit the padded image (as do the
/// other three), or has more than 255 elements, so that a byte cannot hold an index.
class MaxPool : public OneDnnCall {
public:
  explicit MaxPool(const PoolShape &shape);
  void operator()(const float *x, float *y, uint8_t *indices, void *workspace) const;
};

class MaxPoolGrad : public OneDnnCall {
public:
  explicit MaxPoolGrad(const PoolShape &shape);
  void operator()(const float *dy, const uint8_t *indices, float *dx, void *workspace) const;
};

class AvgPool : public OneDnnCall {
public:
  explicit AvgPool(const PoolShape &shape);
  void operator()(const float *x, float *y, void *workspace) const;
};

class AvgPoolGrad : public OneDnnCall {
public:
  explicit AvgPoolGrad(const PoolShape &shape);
  void operator()(const float *dy, float *dx, void *workspace) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_POOL_H
