// See BatchNorm.h.
#include "autopar/cpu/BatchNorm.h"

#include "autopar/cpu/ChannelSums.h"
#include "autopar/cpu/Rows.h"

#include <cmath>
#include <stdexcept>
#include <string>

using namespace autopar::cpu;

namespace {

/// The batch's mean and 1/sqrt(var + epsilon) of each channel.
struct BatchMoments {
  const double *stats; ///< [2, channels]
  int64_t channels, count;
  double epsilon;

  double mean(int64_t c) const { return stats[c] / count; }
  double var(int64_t c) const {
    return std::max(0.0, stats[channels + c] / count - mean(c) * mean(c));
  }
  double inverseStd(int64_t c) const { return 1 / std::sqrt(var(c) + epsilon); }
};

/// The same from running statistics.
struct RunningMoments {
  const float *means, *vars;
  double epsilon;

  double mean(int64_t c) const { return means[c]; }
  double inverseStd(int64_t c) const { return 1 / std::sqrt(vars[c] + epsilon); }
};

//===- y = (x - mean) scale + shift --------------------------------------------------===//

template <class Moments> struct Normalization {
  Moments moments;
  const float *gamma, *beta;
};

struct NormalizationRun {
  RunValues mean, scale, shift;

  template <class Moments>
  NormalizationRun(const Normalization<Moments> &norm, const Rows &rows, int64_t strip) {
    mean.fill(rows, strip, [&](int64_t c) { return norm.moments.mean(c); });
    scale.fill(rows, strip,
               [&](int64_t c) { return norm.gamma[c] * norm.moments.inverseStd(c); });
    shift.fill(rows, strip, [&](int64_t c) { return norm.beta[c]; });
  }
};

template <bool Relu, bool Residual, class Moments>
void normalize(const Rows &rows, const Normalization<Moments> &norm, const float *x,
               const float *residual, float *y) {
  forEachRun<NormalizationRun>(
      rows, norm, [=](int64_t offset, int64_t length, const NormalizationRun &run) {
#pragma omp simd
        for (int64_t i = 0; i < length; ++i) {
          float value = (x[offset + i] - run.mean[i]) * run.scale[i] + run.shift[i];
          if constexpr (Residual)
            value += residual[offset + i];
          if constexpr (Relu)
            value = value < 0 ? 0 : value; // Keeps a NaN, so that it is noticed.
          y[offset + i] = value;
        }
      });
}

template <class Moments>
void normalize(int64_t rowCount, int64_t channels, bool relu,
               const Normalization<Moments> &norm, const float *x, const float *residual,
               float *y) {
  const Rows rows(rowCount, channels);
  const auto kernel =
      relu ? (residual ? normalize<true, true, Moments> : normalize<true, false, Moments>)
           : (residual ? normalize<false, true, Moments> : normalize<false, false, Moments>);
  kernel(rows, norm, x, residual, y);
}

//===- The gradient ------------------------------------------------------------------===//

struct MeanRun {
  RunValues mean;

  MeanRun(const BatchMoments &moments, const Rows &rows, int64_t strip) {
    mean.fill(rows, strip, [&](int64_t c) { return moments.mean(c); });
  }
};

template <bool Mask> float maskedGrad(const float *dy, const float *mask, int64_t i) {
  const float gradient = dy[i]; // Read in any case, or the loop does not vectorize.
  if constexpr (Mask)
    return mask[i] > 0 ? gradient : 0;
  return gradient;
}

template <bool Mask>
void gradSums(const ChannelSums<2> &sum, const BatchMoments &moments, const float *x,
              const float *dy, const float *mask, double *sums, void *workspace) {
  sum.operator()<float, MeanRun>(
      moments, workspace,
      [=](int64_t offset, int64_t i, const MeanRun &run, float(&terms)[2]) {
        const float dz = maskedGrad<Mask>(dy, mask, offset);
        terms[0] = dz;
        terms[1] = dz * (x[offset] - run.mean[i]);
      },
      [=](int64_t c, const double(&total)[2]) {
        sums[c] = total[0];
        sums[moments.channels + c] = total[1] * moments.inverseStd(c);
      });
}

struct InputGradient {
  BatchMoments moments;
  const float *gamma;
  const double *sums; ///< [2, channels]
};

/// dx = scale dz - slope (x - mean) - offset
struct InputGradientRun {
  RunValues mean, scale, slope, offset;

  InputGradientRun(const InputGradient &grad, const Rows &rows, int64_t strip) {
    const BatchMoments &m = grad.moments;
    const auto scaleOf = [&](int64_t c) { return grad.gamma[c] * m.inverseStd(c); };
    mean.fill(rows, strip, [&](int64_t c) { return m.mean(c); });
    scale.fill(rows, strip, scaleOf);
    slope.fill(rows, strip, [&](int64_t c) {
      return scaleOf(c) * m.inverseStd(c) * grad.sums[m.channels + c] / m.count;
    });
    offset.fill(rows, strip, [&](int64_t c) { return scaleOf(c) * grad.sums[c] / m.count; });
  }
};

template <bool Mask>
void gradInput(const Rows &rows, const InputGradient &grad, const float *x, const float *dy,
               const float *mask, float *dx) {
  forEachRun<InputGradientRun>(
      rows, grad, [=](int64_t offset, int64_t length, const InputGradientRun &run) {
#pragma omp simd
        for (int64_t i = 0; i < length; ++i) {
          const float dz = maskedGrad<Mask>(dy, mask, offset + i);
          dx[offset + i] =
              run.scale[i] * dz - run.slope[i] * (x[offset + i] - run.mean[i]) - run.offset[i];
        }
      });
}

struct NoCoefficients {
  NoCoefficients(const BatchNormStats &, const Rows &, int64_t) {}
};

} // namespace

//===- The calls ---------------------------------------------------------------------===//

size_t BatchNormStats::workspaceBytes() const {
  return ChannelSums<2>(rows, channels).workspaceBytes();
}

void BatchNormStats::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("BatchNormStats", workspaceBytes(), planned);
}

void BatchNormStats::operator()(const float *x, double *stats, void *workspace) const {
  // The variance is a difference of two large numbers, so not even a group's sum is left in
  // f32.
  ChannelSums<2>(rows, channels)
      .
      operator()<double, NoCoefficients>(
          *this, workspace,
          [=](int64_t offset, int64_t, const NoCoefficients &, double(&terms)[2]) {
            const double value = x[offset];
            terms[0] = value;
            terms[1] = value * value;
          },
          [=, channels = channels](int64_t c, const double(&total)[2]) {
            stats[c] = total[0];
            stats[channels + c] = total[1];
          });
}

void BatchNormApply::operator()(const float *x, const double *stats, const float *gamma,
                                const float *beta, float *y) const {
  (*this)(x, stats, gamma, beta, nullptr, y);
}

void BatchNormApply::operator()(const float *x, const double *stats, const float *gamma,
                                const float *beta, const float *residual, float *y) const {
  normalize<BatchMoments>(rows, channels, relu,
                          {{stats, channels, count, epsilon}, gamma, beta}, x, residual, y);
}

size_t BatchNormGradSums::workspaceBytes() const {
  return ChannelSums<2>(rows, channels).workspaceBytes();
}

void BatchNormGradSums::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("BatchNormGradSums", workspaceBytes(), planned);
}

void BatchNormGradSums::operator()(const float *x, const double *stats, const float *dy,
                                   double *sums, void *workspace) const {
  gradSums<false>({rows, channels}, {stats, channels, count, epsilon}, x, dy, nullptr, sums,
                  workspace);
}

void BatchNormGradSums::operator()(const float *x, const double *stats, const float *dy,
                                   const float *mask, double *sums, void *workspace) const {
  gradSums<true>({rows, channels}, {stats, channels, count, epsilon}, x, dy, mask, sums,
                 workspace);
}

void BatchNormGradInput::operator()(const float *x, const double *stats, const float *gamma,
                                    const double *sums, const float *dy, float *dx) const {
  gradInput<false>({rows, channels}, {{stats, channels, count, epsilon}, gamma, sums}, x, dy,
                   nullptr, dx);
}

void BatchNormGradInput::operator()(const float *x, const double *stats, const float *gamma,
                                    const double *sums, const float *dy, const float *mask,
                                    float *dx) const {
  gradInput<true>({rows, channels}, {{stats, channels, count, epsilon}, gamma, sums}, x, dy,
                  mask, dx);
}

void BatchNormGradParameters::operator()(const double *sums, float *dgamma,
                                         float *dbeta) const {
  for (int64_t c = 0; c < channels; ++c) {
    dbeta[c] = static_cast<float>(sums[c]);
    dgamma[c] = static_cast<float>(sums[channels + c]);
  }
}

void BatchNormRunning::operator()(const double *stats, const float *mean, const float *var,
                                  float *newMean, float *newVar) const {
  if (count < 2)
    throw std::invalid_argument(
        "BatchNormRunning: a batch norm over " + std::to_string(count) +
        " value a channel has no variance; train with a larger batch or "
        "larger images");
  const BatchMoments batch{stats, channels, count, 0};
  const double unbiased = static_cast<double>(count) / static_cast<double>(count - 1);
  for (int64_t c = 0; c < channels; ++c) {
    newMean[c] = static_cast<float>((1 - momentum) * mean[c] + momentum * batch.mean(c));
    newVar[c] =
        static_cast<float>((1 - momentum) * var[c] + momentum * unbiased * batch.var(c));
  }
}

void BatchNormInference::operator()(const float *x, const float *gamma, const float *beta,
                                    const float *mean, const float *var, float *y) const {
  (*this)(x, gamma, beta, mean, var, nullptr, y);
}

void BatchNormInference::operator()(const float *x, const float *gamma, const float *beta,
                                    const float *mean, const float *var, const float *residual,
                                    float *y) const {
  normalize<RunningMoments>(rows, channels, relu, {{mean, var, epsilon}, gamma, beta}, x,
                            residual, y);
}
