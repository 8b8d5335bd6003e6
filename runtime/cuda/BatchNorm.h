// Batch normalization in parts, as runtime/cpu/BatchNorm.h has them and says what each
// computes. T is float, bf16 or f16; parameters are f32, statistics and sums f64. Each part is
// one pass over its operands.
#ifndef AUTOPAR_RUNTIME_CUDA_BATCHNORM_H
#define AUTOPAR_RUNTIME_CUDA_BATCHNORM_H

#include "autopar/cuda/Elements.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace autopar::cuda {

class Context;

// x, y, dy, dx, residual, mask: [rows, channels]. gamma, beta, mean, var: [channels]. stats,
// sums: f64 [2, channels].

/// stats = the sums of x and of x² over this rank's rows.
struct BatchNormStats {
  int64_t rows, channels;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  template <class T>
  void operator()(const Context &context, const T *x, double *stats, void *workspace) const;
};

/// y = x̂ gamma + beta [+ residual], [relu of it]. y may be x or residual.
struct BatchNormApply {
  int64_t rows, channels, count;
  double epsilon = 1e-5;
  bool relu = false;
  template <class T>
  void operator()(const Context &context, const T *x, const double *stats, const float *gamma,
                  const float *beta, T *y) const;
  template <class T>
  void operator()(const Context &context, const T *x, const double *stats, const float *gamma,
                  const float *beta, const T *residual, T *y) const;
};

/// sums = the sums of dz and of dz x̂ over this rank's rows; dz is dy, or 0 where mask <= 0.
struct BatchNormGradSums {
  int64_t rows, channels, count;
  double epsilon = 1e-5;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  template <class T>
  void operator()(const Context &context, const T *x, const double *stats, const T *dy,
                  double *sums, void *workspace) const;
  template <class T>
  void operator()(const Context &context, const T *x, const double *stats, const T *dy,
                  const T *mask, double *sums, void *workspace) const;
};

/// dx = gamma / sqrt(var + epsilon) (dz - sums[0]/count - x̂ sums[1]/count). dx may be dy, x or
/// mask.
struct BatchNormGradInput {
  int64_t rows, channels, count;
  double epsilon = 1e-5;
  template <class T>
  void operator()(const Context &context, const T *x, const double *stats, const float *gamma,
                  const double *sums, const T *dy, T *dx) const;
  template <class T>
  void operator()(const Context &context, const T *x, const double *stats, const float *gamma,
                  const double *sums, const T *dy, const T *mask, T *dx) const;
};

/// The same two for relu(batch norm): dz is dy, or 0 where the norm of x is not positive. It is
/// computed again, in f32 as BatchNormApply does it, and its result is not read.
struct BatchNormReluGradSums {
  int64_t rows, channels, count;
  double epsilon = 1e-5;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  template <class T>
  void operator()(const Context &context, const T *x, const double *stats, const float *gamma,
                  const float *beta, const T *dy, double *sums, void *workspace) const;
};

/// BatchNormGradSums where the gradient is a sum, as behind a residual's, and has a relu to pass:
/// dz = a + b, or 0 where y, the relu's output, is not positive, and its sums as they are seen
/// from dz as it is stored. dz may be a, b or y.
struct BatchNormAddReluGradSums {
  int64_t rows, channels, count;
  double epsilon = 1e-5;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  template <class T>
  void operator()(const Context &context, const T *x, const double *stats, const T *a,
                  const T *b, const T *y, T *dz, double *sums, void *workspace) const;
};

/// dx may be dy or x.
struct BatchNormReluGradInput {
  int64_t rows, channels, count;
  double epsilon = 1e-5;
  template <class T>
  void operator()(const Context &context, const T *x, const double *stats, const float *gamma,
                  const float *beta, const double *sums, const T *dy, T *dx) const;
};

/// dgamma = sums[1], dbeta = sums[0].
struct BatchNormGradParameters {
  int64_t channels;
  void operator()(const Context &context, const double *sums, float *dgamma,
                  float *dbeta) const;
};

/// The running statistics after a batch. \throws std::invalid_argument when count < 2.
struct BatchNormRunning {
  int64_t channels, count;
  double momentum = 0.1;
  void operator()(const Context &context, const double *stats, const float *mean,
                  const float *var, float *newMean, float *newVar) const;
};

/// The same two of many batch norms, each in one launch for 256 of them.
struct BatchNormGradParametersAll {
  struct Tensor {
    int64_t channels;
    const double *sums;
    float *dgamma, *dbeta;
  };

  std::vector<Tensor> tensors = {};
  void operator()(const Context &context) const;
};

struct BatchNormRunningAll {
  struct Tensor {
    int64_t channels, count;
    const double *stats;
    float *mean, *var;
    float *newMean = nullptr, *newVar = nullptr; ///< both null: in place
  };

  double momentum = 0.1;
  std::vector<Tensor> tensors = {};
  void operator()(const Context &context) const;
};

/// BatchNormApply with the running statistics.
struct BatchNormInference {
  int64_t rows, channels;
  double epsilon = 1e-5;
  bool relu = false;
  template <class T>
  void operator()(const Context &context, const T *x, const float *gamma, const float *beta,
                  const float *mean, const float *var, T *y) const;
  template <class T>
  void operator()(const Context &context, const T *x, const float *gamma, const float *beta,
                  const float *mean, const float *var, const T *residual, T *y) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_BATCHNORM_H
