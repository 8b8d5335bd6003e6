// Element by element, on `count` numbers, whatever their shape: see runtime/cpu/Elementwise.h
// for what each computes. T is float, bf16 or f16; arithmetic is in f32.
#ifndef AUTOPAR_RUNTIME_CUDA_ELEMENTWISE_H
#define AUTOPAR_RUNTIME_CUDA_ELEMENTWISE_H

#include "autopar/cuda/Elements.h"

#include <cstdint>
#include <vector>

namespace autopar::cuda {

class Context;

// The result may be any of the operands.

// Relu, Silu, … and their gradients: y = function(x), as the list has them.
#define AUTOPAR_MEMBER(field) float field;
#define AUTOPAR_UNARY(Name, function, x, y, fields, ...)                                       \
  struct Name {                                                                                \
    int64_t count;                                                                             \
    AUTOPAR_EACH(AUTOPAR_MEMBER, fields)                                                       \
    template <class T> void operator()(const Context &context, const T *x, T *y) const;        \
  };
#define AUTOPAR_BINARY(Name, function, a, b, y, fields, ...)                                   \
  struct Name {                                                                                \
    int64_t count;                                                                             \
    AUTOPAR_EACH(AUTOPAR_MEMBER, fields)                                                       \
    template <class T>                                                                         \
    void operator()(const Context &context, const T *a, const T *b, T *y) const;               \
  };
#include "autopar/core/Elements.inc"
#undef AUTOPAR_MEMBER

/// sum = a + b
struct Add {
  int64_t count;
  template <class T>
  void operator()(const Context &context, const T *a, const T *b, T *sum) const;
};

/// y = 0
struct Zeros {
  int64_t count;
  void operator()(const Context &context, float *y) const;
};

/// y = 0 for many tensors, in one launch for each 256 of them.
struct ZerosAll {
  struct Tensor {
    int64_t count;
    float *y;
  };

  std::vector<Tensor> tensors;
  void operator()(const Context &context) const;
};

/// sum = a + b for many tensors, in one launch for each 256 of them: totals and what is added
/// to them.
struct AddAll {
  struct Tensor {
    int64_t count;
    float *a;
    const float *b;
    float *sum = nullptr; ///< null: over a
  };

  std::vector<Tensor> tensors;
  void operator()(const Context &context) const;
};

/// filled = value
struct Fill {
  int64_t count;
  float value;
  template <class T> void operator()(const Context &context, T *filled) const;
};

/// cast = x in another element type, rounded to nearest: to and from f32.
struct Cast {
  int64_t count;
  template <class From, class To>
  void operator()(const Context &context, const From *x, To *cast) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_ELEMENTWISE_H
