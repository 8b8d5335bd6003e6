// Fully connected layers, and their gradients, by oneDNN's matmul; the bias beside them
// is an own kernel. Shapes are PyTorch's: x [batch, inputs], w [outputs, inputs], y [batch,
// outputs].
#ifndef AUTOPAR_RUNTIME_CPU_LINEAR_H
#define AUTOPAR_RUNTIME_CPU_LINEAR_H

#include "autopar/core/shapes/Products.h"
#include "autopar/cpu/OneDnnCall.h"

#include <cstdint>

namespace autopar::cpu {

using LinearShape = shapes::Linear;

/// y[n, o] = sum over i of x[n, i] w[o, i]
class LinearForward : public OneDnnCall {
public:
  explicit LinearForward(const LinearShape &shape);
  void operator()(const float *x, const float *w, float *y, void *workspace) const;
};

/// dx[n, i] = sum over o of dy[n, o] w[o, i]
class LinearInputGrad : public OneDnnCall {
public:
  explicit LinearInputGrad(const LinearShape &shape);
  void operator()(const float *dy, const float *w, float *dx, void *workspace) const;
};

/// dw[o, i] = sum over n of dy[n, o] x[n, i]
class LinearWeightGrad : public OneDnnCall {
public:
  explicit LinearWeightGrad(const LinearShape &shape);
  void operator()(const float *x, const float *dy, float *dw, void *workspace) const;
};

/// biased[r, c] = x[r, c] + bias[c]; biased may be x.
struct BiasAdd {
  int64_t rows, channels;
  void operator()(const float *x, const float *bias, float *biased) const;
};

/// db[c] = sum over r of dy[r, c], added in double precision and in an order that does not
/// depend on the number of threads.
struct BiasGrad {
  int64_t rows, channels;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const float *dy, float *db, void *workspace) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_LINEAR_H
