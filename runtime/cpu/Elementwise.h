// Element by element, on `count` numbers, whatever their shape. Own kernels: these are bound by
// memory, and oneDNN's are no faster.
#ifndef AUTOPAR_RUNTIME_CPU_ELEMENTWISE_H
#define AUTOPAR_RUNTIME_CPU_ELEMENTWISE_H

#include <cstdint>

namespace autopar::cpu {

// The result may be any of the operands.

/// y = max(x, 0); of a NaN, a NaN.
struct Relu {
  int64_t count;
  void operator()(const float *x, float *y) const;
};

/// dx = dy where y, the relu's output, is positive, 0 elsewhere.
struct ReluGrad {
  int64_t count;
  void operator()(const float *dy, const float *y, float *dx) const;
};

/// sum = a + b
struct Add {
  int64_t count;
  void operator()(const float *a, const float *b, float *sum) const;
};

/// y = 0
struct Zeros {
  int64_t count;
  void operator()(float *y) const;
};

/// y = factor x
struct Scale {
  int64_t count;
  float factor;
  void operator()(const float *x, float *y) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_ELEMENTWISE_H
