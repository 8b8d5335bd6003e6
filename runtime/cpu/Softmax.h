// Softmax over the last dimension, causal or not, and its gradient.
#ifndef AUTOPAR_RUNTIME_CPU_SOFTMAX_H
#define AUTOPAR_RUNTIME_CPU_SOFTMAX_H

#include <cstdint>

namespace autopar::cpu {

/// y [rows, columns] = softmax of each row of x. With `causal`, row r belongs to query
/// r % queries and sees columns up to it alone; the others are 0. y may be x.
struct Softmax {
  int64_t rows, columns;
  bool causal = false;
  int64_t queries = 0;
  void operator()(const float *x, float *y) const;
};

/// dx = y (dy - the row's sum of dy y). dx may be dy or y.
struct SoftmaxGrad {
  int64_t rows, columns;
  void operator()(const float *dy, const float *y, float *dx) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_SOFTMAX_H
