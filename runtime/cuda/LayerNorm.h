// Layer normalization over the last dimension, and its gradients: see runtime/cpu/LayerNorm.h
// for what each computes. T is float, bf16 or f16; parameters, theirs, mean and rstd are f32.
#ifndef AUTOPAR_RUNTIME_CUDA_LAYERNORM_H
#define AUTOPAR_RUNTIME_CUDA_LAYERNORM_H

#include "autopar/cuda/Elements.h"

#include <cstddef>
#include <cstdint>

namespace autopar::cuda {

class Context;

// x, y, dy, dx: [rows, channels]; gamma, beta: [channels]; mean, rstd: [rows].

/// y = x̂ gamma + beta
struct LayerNorm {
  int64_t rows, channels;
  double epsilon = 1e-5;
  template <class T>
  void operator()(const Context &context, const T *x, const float *gamma, const float *beta,
                  T *y, float *mean, float *rstd) const;
};

/// With g = dy gamma: dx = rstd (g - mean of g - x̂ mean of g x̂). dx may be dy or x.
struct LayerNormGradInput {
  int64_t rows, channels;
  template <class T>
  void operator()(const Context &context, const T *dy, const T *x, const float *gamma,
                  const float *mean, const float *rstd, T *dx) const;
};

/// dx = added + what LayerNormGradInput makes: the gradient of what is normalized beside a
/// residual connection. dx may be dy, x or added.
struct LayerNormGradInputAdd {
  int64_t rows, channels;
  template <class T>
  void operator()(const Context &context, const T *dy, const T *x, const float *gamma,
                  const float *mean, const float *rstd, const T *added, T *dx) const;
};

/// dgamma = sum over rows of dy x̂, dbeta = sum over rows of dy, in double precision and in an
/// order that follows from the shape.
struct LayerNormGradParameters {
  int64_t rows, channels;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  template <class T>
  void operator()(const Context &context, const T *dy, const T *x, const float *mean,
                  const float *rstd, float *dgamma, float *dbeta, void *workspace) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_LAYERNORM_H
