// What this program computes in kernels of its own: each is a chain of calls that work element by
// element, in one pass over memory. Between the steps numbers are f32. Written by autopar.
#ifndef KERNELS_H
#define KERNELS_H

#include "autopar/cuda/Dropout.h"
#include "autopar/cuda/Elementwise.h"
#include "autopar/cuda/Linear.h"
#include "autopar/cuda/Reduction.h"

namespace autopar::kernels {

/// relu.grad and 1 more: reluGrad(add(a, b), y)
struct AddReluGrad {
  int64_t count;
  void operator()(const cuda::Context &context, const cuda::f16 *a, const cuda::f16 *b,
      const cuda::f16 *y, cuda::f16 *result) const;
};

/// relu_3.grad: reluGrad(add(a, a), a)
struct AddReluGrad_2 {
  int64_t count;
  void operator()(const cuda::Context &context, const cuda::f16 *a, cuda::f16 *result) const;
};

/// residual: add(a, dropout(biasAdd(cast(x), bias), state))
struct CastBiasAddDropoutAdd {
  int64_t count;
  cuda::BiasAdd biasAdd;
  cuda::Dropout dropout;
  void operator()(const cuda::Context &context, const float *x, const float *bias,
      const int64_t *state, const cuda::bf16 *a, cuda::bf16 *result) const;
};

/// mlp: geluTanh(gelu(relu(x)))
struct ReluGeluGelu {
  int64_t count;
  void operator()(const cuda::Context &context, const float *x, float *result) const;
};

/// mlp.grad: cast(geluGradTanh(geluGrad(scale(x), x_2), x))
struct ScaleGeluGradGeluGradCast {
  int64_t count;
  cuda::Scale scale;
  void operator()(const cuda::Context &context, const float *x, const float *x_2,
      cuda::bf16 *result) const;
};

/// twice: dropout(dropout(x, state), state)
struct DropoutDropout {
  int64_t count;
  cuda::Dropout dropout;
  cuda::Dropout dropout_2;
  void operator()(const cuda::Context &context, const cuda::bf16 *x, const int64_t *state,
      cuda::bf16 *result) const;
};

/// gated: multiply(a, clamp(hyperbolicTangent(expand(x))))
struct ExpandTanhClampMul {
  int64_t count;
  cuda::Expand expand;
  cuda::Clamp clamp;
  void operator()(const cuda::Context &context, const float *x, const float *a,
      float *result) const;
};

/// sines: sine(expand(x))
struct ExpandSin {
  int64_t count;
  cuda::Expand expand;
  void operator()(const cuda::Context &context, const cuda::f16 *x, cuda::f16 *result) const;
};

} // namespace autopar::kernels

#endif
