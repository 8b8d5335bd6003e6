// Softmax over the last dimension, causal or not, and its gradient: see runtime/cpu/Softmax.h.
// T is float, bf16 or f16.
#ifndef AUTOPAR_RUNTIME_CUDA_SOFTMAX_H
#define AUTOPAR_RUNTIME_CUDA_SOFTMAX_H

#include "autopar/cuda/Elements.h"

#include <cstdint>

namespace autopar::cuda {

class Context;

/// y [rows, columns] = softmax of each row of x; causal, row r sees columns up to r % queries.
/// y may be x.
struct Softmax {
  int64_t rows, columns;
  bool causal = false;
  int64_t queries = 0;
  template <class T> void operator()(const Context &context, const T *x, T *y) const;
};

/// dx = y (dy - the row's sum of dy y). dx may be dy or y.
struct SoftmaxGrad {
  int64_t rows, columns;
  template <class T>
  void operator()(const Context &context, const T *dy, const T *y, T *dx) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_SOFTMAX_H
