// Element by element, on `count` numbers, whatever their shape. Own kernels: these are bound by
// memory, and oneDNN's are no faster.
#ifndef AUTOPAR_RUNTIME_CPU_ELEMENTWISE_H
#define AUTOPAR_RUNTIME_CPU_ELEMENTWISE_H

#include <cstdint>

namespace autopar::cpu {

// The result may be any of the operands.

// Relu, Silu, … and their gradients: y = function(x), as the list has them.
#define AUTOPAR_MEMBER(field) float field;
#define AUTOPAR_UNARY(Name, function, x, y, fields, ...)                                       \
  struct Name {                                                                                \
    int64_t count;                                                                             \
    AUTOPAR_EACH(AUTOPAR_MEMBER, fields)                                                       \
    void operator()(const float *x, float *y) const;                                           \
  };
#define AUTOPAR_BINARY(Name, function, a, b, y, fields, ...)                                   \
  struct Name {                                                                                \
    int64_t count;                                                                             \
    AUTOPAR_EACH(AUTOPAR_MEMBER, fields)                                                       \
    void operator()(const float *a, const float *b, float *y) const;                           \
  };
#include "autopar/core/Elements.inc"
#undef AUTOPAR_MEMBER

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

/// filled = value
struct Fill {
  int64_t count;
  float value;
  void operator()(float *filled) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_ELEMENTWISE_H
