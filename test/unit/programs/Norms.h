// Batch norm in its parts, layer norm and softmax, and their gradients. Channels are the last
// dimension of what is normalized, whatever stands before them.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_NORMS_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_NORMS_H

#include "test/unit/programs/Tensor.h"

namespace autopar {

/// max(x, 0)
Tensor relu(Tensor x);
/// dy where `mask` is positive, 0 elsewhere.
Tensor reluGrad(Tensor dy, const Tensor &mask);

/// [2, channels]: the sums of x and of its squares.
Tensor batchStats(const Tensor &x, int64_t channels);

/// Normalization by such sums of all ranks, over `count` values a channel.
struct BatchNorm {
  const Tensor &stats;
  double count, epsilon;

  double mean(int64_t c) const;
  double variance(int64_t c) const;
  double scale(int64_t c) const; ///< 1 / the deviation
  double normalized(double x, int64_t c) const { return (x - mean(c)) * scale(c); }

  /// x̂ gamma + beta
  Tensor apply(Tensor x, const Tensor &gamma, const Tensor &beta) const;
  /// [2, channels]: the sums of dz and of dz x̂.
  Tensor gradSums(const Tensor &x, const Tensor &dz) const;
  Tensor gradInput(const Tensor &x, const Tensor &gamma, const Tensor &sums, Tensor dz) const;
  /// The running mean and variance after the batch.
  Tensors running(Tensor mean, Tensor variance, double momentum) const;
};

/// By statistics that are given.
Tensor batchNormInference(Tensor x, const Tensor &gamma, const Tensor &beta, const Tensor &mean,
                          const Tensor &variance, double epsilon);
/// The gradients of gamma and beta [channels].
Tensors batchNormParameterGrads(const Tensor &sums);

/// y; mean and 1 / deviation of each row, [rows].
Tensors layerNorm(Tensor x, const Tensor &gamma, const Tensor &beta, double epsilon);
Tensor layerNormInputGrad(const Tensor &dy, const Tensor &x, const Tensor &gamma,
                          const Tensor &mean, const Tensor &rstd);
/// The gradients of gamma and beta [channels].
Tensors layerNormParameterGrads(const Tensor &dy, const Tensor &x, const Tensor &mean,
                                const Tensor &rstd, int64_t channels);

/// Of each row of `columns`; of `queries` > 0, row r sees columns up to r % queries alone.
Tensor softmax(Tensor x, int64_t columns, int64_t queries);
Tensor softmaxGrad(Tensor dy, const Tensor &y, int64_t columns);

} // namespace autopar

#endif
