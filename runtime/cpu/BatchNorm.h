// Batch normalization in the parts that training on a split batch is made of: the parts meet at
// sums over rows, which ranks add. Own kernels throughout: each is one pass over its operands,
// takes a residual along (which oneDNN 2.6 does not), and leaves the sums in double precision.
#ifndef AUTOPAR_RUNTIME_CPU_BATCHNORM_H
#define AUTOPAR_RUNTIME_CPU_BATCHNORM_H

#include <cstddef>
#include <cstdint>

namespace autopar::cpu {

// x, y, dy, dx, residual: [rows, channels], rows being N·H·W. gamma, beta, mean, var:
// [channels]. stats: f64 [2, channels], the sum and the sum of squares of x over all ranks'
// rows, `count` in number. So the batch's mean is sum/count and its (biased) variance
// squares/count - mean². x̂ = (x - mean) / sqrt(var + epsilon).

/// stats of this rank's rows. The order of addition does not depend on the number of threads.
struct BatchNormStats {
  int64_t rows, channels;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const float *x, double *stats, void *workspace) const;
};

/// y = x̂ gamma + beta [+ residual], [relu of it]. y may be x or residual.
struct BatchNormApply {
  int64_t rows, channels, count;
  double epsilon = 1e-5;
  bool relu = false;
  void operator()(const float *x, const double *stats, const float *gamma, const float *beta,
                  float *y) const;
  void operator()(const float *x, const double *stats, const float *gamma, const float *beta,
                  const float *residual, float *y) const;
};

/// sums: f64 [2, channels], the sum of dz and of dz x̂ over this rank's rows. dz is dy, or with
/// `mask`, the output of a relu that followed, dy where mask > 0 and 0 elsewhere.
struct BatchNormGradSums {
  int64_t rows, channels, count;
  double epsilon = 1e-5;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const float *x, const double *stats, const float *dy, double *sums,
                  void *workspace) const;
  void operator()(const float *x, const double *stats, const float *dy, const float *mask,
                  double *sums, void *workspace) const;
};

/// dx = gamma / sqrt(var + epsilon) (dz - sums[0]/count - x̂ sums[1]/count), from the sums over
/// all ranks. dx may be dy, x or mask.
struct BatchNormGradInput {
  int64_t rows, channels, count;
  double epsilon = 1e-5;
  void operator()(const float *x, const double *stats, const float *gamma, const double *sums,
                  const float *dy, float *dx) const;
  void operator()(const float *x, const double *stats, const float *gamma, const double *sums,
                  const float *dy, const float *mask, float *dx) const;
};

/// dgamma = sums[1], dbeta = sums[0].
struct BatchNormGradParameters {
  int64_t channels;
  void operator()(const double *sums, float *dgamma, float *dbeta) const;
};

/// The running statistics after a batch, as PyTorch keeps them: `momentum` weighs the batch's,
/// and the variance is the unbiased one. newMean may be mean, newVar may be var. \throws
/// std::invalid_argument when count < 2, for which there is no unbiased variance.
struct BatchNormRunning {
  int64_t channels, count;
  double momentum = 0.1;
  void operator()(const double *stats, const float *mean, const float *var, float *newMean,
                  float *newVar) const;
};

/// BatchNormApply with the running statistics.
struct BatchNormInference {
  int64_t rows, channels;
  double epsilon = 1e-5;
  bool relu = false;
  void operator()(const float *x, const float *gamma, const float *beta, const float *mean,
                  const float *var, float *y) const;
  void operator()(const float *x, const float *gamma, const float *beta, const float *mean,
                  const float *var, const float *residual, float *y) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_BATCHNORM_H
