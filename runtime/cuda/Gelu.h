// The Gaussian error linear unit, exact or in its tanh approximation, and its gradient: see
// runtime/cpu/Gelu.h. T is float, bf16 or f16.
#ifndef AUTOPAR_RUNTIME_CUDA_GELU_H
#define AUTOPAR_RUNTIME_CUDA_GELU_H

#include "autopar/cuda/Elements.h"

#include <cstdint>

namespace autopar::cuda {

class Context;

/// y = x Φ(x). y may be x.
struct Gelu {
  int64_t count;
  bool tanh = false;
  template <class T> void operator()(const Context &context, const T *x, T *y) const;
};

/// dx = dy times the derivative of that at x. dx may be dy or x.
struct GeluGrad {
  int64_t count;
  bool tanh = false;
  template <class T>
  void operator()(const Context &context, const T *dy, const T *x, T *dx) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_GELU_H
