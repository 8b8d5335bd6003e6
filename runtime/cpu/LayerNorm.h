// Layer normalization over the last dimension, and its gradients. Own kernels: each is one
// pass over memory (a row stays in the cache between its sums and its result).
#ifndef AUTOPAR_RUNTIME_CPU_LAYERNORM_H
#define AUTOPAR_RUNTIME_CPU_LAYERNORM_H

#include <cstddef>
#include <cstdint>

namespace autopar::cpu {

// x, y, dy, dx: [rows, channels]; gamma, beta: [channels]; mean, rstd: [rows], of which rstd is
// 1 / sqrt(variance + epsilon), with the biased variance. x̂ = (x - mean) rstd.

/// y = x̂ gamma + beta
struct LayerNorm {
  int64_t rows, channels;
  double epsilon = 1e-5;
  void operator()(const float *x, const float *gamma, const float *beta, float *y, float *mean,
                  float *rstd) const;
};

/// With g = dy gamma: dx = rstd (g - mean of g - x̂ mean of g x̂). dx may be dy or x.
struct LayerNormGradInput {
  int64_t rows, channels;
  void operator()(const float *dy, const float *x, const float *gamma, const float *mean,
                  const float *rstd, float *dx) const;
};

/// dgamma = sum over rows of dy x̂, dbeta = sum over rows of dy, in double precision and in an
/// order that does not depend on the number of threads.
struct LayerNormGradParameters {
  int64_t rows, channels;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const float *dy, const float *x, const float *mean, const float *rstd,
                  float *dgamma, float *dbeta, void *workspace) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_LAYERNORM_H
