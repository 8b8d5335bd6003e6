// Element by element, on `count` numbers, whatever their shape. Own kernels: these are bound by
// memory, and oneDNN's are no faster.
#ifndef AUTOPAR_RUNTIME_CPU_ELEMENTWISE_H
#define AUTOPAR_RUNTIME_CPU_ELEMENTWISE_H

#include <cstdint>

namespace autopar::cpu {

// The result may be any of the operands.

// Relu, Silu, … and their gradients: y = function(x), as the list has them.
#define AUTOPAR_UNARY(Name, function, x, y, ...)                                               \
  struct Name {                                                                                \
    int64_t count;                                                                             \
    void operator()(const float *x, float *y) const;                                           \
  };
#define AUTOPAR_BINARY(Name, function, a, b, y, ...)                                           \
  struct Name {                                                                                \
    int64_t count;                                                                             \
    void operator()(const float *a, const float *b, float *y) const;                           \
  };
#include "autopar/core/Elements.inc"

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

/// scaled = factor x
struct Scale {
  int64_t count;
  float factor;
  void operator()(const float *x, float *scaled) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_ELEMENTWISE_H
