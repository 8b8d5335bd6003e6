// See BatchNorm.h. A block computes its channels' coefficients from the statistics in double
// precision, each once, and then works in f32.
#include "autopar/cuda/BatchNorm.h"

#include "autopar/cuda/ChannelSums.cuh"
#include "autopar/cuda/Channels.cuh"
#include "autopar/cuda/ElementSteps.cuh"
#include "autopar/cuda/Rows.cuh"
#include "autopar/cuda/TensorTable.cuh"

#include <stdexcept>
#include <string>

using namespace autopar::cuda;

namespace {

/// BatchMoments from running statistics.
struct RunningMoments {
  const float *means, *vars;
  int64_t channels;
  double epsilon;

  __device__ double mean(int64_t c) const { return means[c]; }
  __device__ double inverseStd(int64_t c) const { return 1 / sqrt(vars[c] + epsilon); }
};

//===- y = (x - mean) scale + shift --------------------------------------------------===//

/// What a thread keeps of a norm on its channels; all of a block make theirs. Every kernel
/// rounds alike, so that a mask that is computed again is the one that was.
template <int N> struct Norm {
  enum { Mean, Scale, Shift, Count };
  float values[Count][N];

  template <class Moments>
  __device__ Norm(const Moments &moments, const float *gamma, const float *beta) {
    shareValues(moments.channels, values, [&](int64_t c, float(&ofChannel)[Count]) {
      ofChannel[Mean] = static_cast<float>(moments.mean(c));
      ofChannel[Scale] = static_cast<float>(gamma[c] * moments.inverseStd(c));
      ofChannel[Shift] = beta[c];
    });
  }
  __device__ float operator()(int i, float x) const {
    return fmaf(x - values[Mean][i], values[Scale][i], values[Shift][i]);
  }
};

template <int N, class T, class Moments>
__global__ void __launch_bounds__(blockThreads)
    normalizeKernel(Tiling tiling, Moments moments, const float *gamma, const float *beta,
                    bool relu, const T *x, const T *residual, T *y) {
  const Norm<N> norm(moments, gamma, beta);
  const int64_t channel = firstChannel<N>();
  if (channel >= tiling.channels)
    return;
  forEachRow<4>(tiling, channel, [&](int64_t offset) {
    const auto in = Pack<T, N>::load(x + offset);
    Pack<T, N> added;
    if (residual)
      added = Pack<T, N>::load(residual + offset);
    Pack<T, N> out;
#pragma unroll
    for (int i = 0; i < N; ++i) {
      float value = norm(i, in[i]);
      if (residual)
        value += added[i];
      if (relu)
        value = value < 0 ? 0 : value; // Keeps a NaN, so that it is noticed.
      out.set(i, value);
    }
    out.store(y + offset);
  });
}

template <class T, class Moments>
void normalize(const Context &context, int64_t rows, int64_t channels, bool relu,
               const Moments &moments, const float *gamma, const float *beta, const T *x,
               const T *residual, T *y) {
  withPacks<T>(isPacked(channels, x, residual, y), [&](auto n) {
    const Tiling tiling = tilingOf(rows, channels, n);
    launch(normalizeKernel<n, T, Moments>, tiling.grid, tiling.block, 0, context.compute,
           tiling, moments, gamma, beta, relu, x, residual, y);
    checkLaunch();
  });
}

//===- The gradient ------------------------------------------------------------------===//

/// dz is dy where a mask lets it pass, else 0. Mask::Channels<N> is what a thread keeps of one
/// for its channels; it gives N elements of dz.
///
/// This mask is in memory, and lets pass where it is positive; null lets pass everywhere.
template <class T> struct MaskInMemory {
  const T *memory;

  template <int N> struct Channels {
    const T *mask;
    __device__ explicit Channels(const MaskInMemory &mask) : mask(mask.memory) {}
    __device__ Pack<T, N> operator()(Pack<T, N> dz, const Pack<T, N> &, int64_t offset) const {
      if (mask) {
        const auto open = Pack<T, N>::load(mask + offset);
#pragma unroll
        for (int i = 0; i < N; ++i)
          dz.set(i, open[i] > 0 ? dz[i] : 0);
      }
      return dz;
    }
  };
};

/// This one lets pass where the batch norm of x is positive.
template <class T> struct MaskOfNorm {
  BatchMoments moments;
  const float *gamma, *beta;
  static constexpr const T *memory = nullptr;

  template <int N> struct Channels {
    Norm<N> norm;
    __device__ explicit Channels(const MaskOfNorm &mask)
        : norm(mask.moments, mask.gamma, mask.beta) {}
    __device__ Pack<T, N> operator()(Pack<T, N> dz, const Pack<T, N> &x, int64_t) const {
#pragma unroll
      for (int i = 0; i < N; ++i)
        dz.set(i, norm(i, x[i]) > 0 ? dz[i] : 0);
      return dz;
    }
  };
};

template <class T> struct StatsTerms {
  using Term = double; // The variance is a difference of two large numbers.
  const T *x;

  template <int N> struct Channels {
    const T *x;
    __device__ explicit Channels(const StatsTerms &terms) : x(terms.x) {}
    __device__ void add(int64_t, int64_t offset, double (&sums)[2][N]) const {
      const auto in = Pack<T, N>::load(x + offset);
#pragma unroll
      for (int i = 0; i < N; ++i) {
        const double value = in[i];
        sums[0][i] += value;
        sums[1][i] += value * value;
      }
    }
  };
};

/// dz is what the gradient is read as: Gradient::Channels<N> gives N elements of it, as they
/// are in memory. Here dy under a mask.
template <class T, class Mask> struct MaskedGradient {
  const T *dy;
  Mask mask;

  template <int N> struct Channels {
    const T *dy;
    const typename Mask::template Channels<N> masked;
    __device__ explicit Channels(const MaskedGradient &gradient)
        : dy(gradient.dy), masked(gradient.mask) {}
    __device__ Pack<T, N> operator()(const Pack<T, N> &x, int64_t offset) const {
      return masked(Pack<T, N>::load(dy + offset), x, offset);
    }
  };
};

/// Here a sum, which has a relu to pass and is kept.
template <class T> struct SummedGradient {
  const T *a, *b, *y;
  T *dz;

  template <int N> struct Channels {
    const SummedGradient &from;
    __device__ explicit Channels(const SummedGradient &gradient) : from(gradient) {}
    __device__ Pack<T, N> operator()(const Pack<T, N> &, int64_t offset) const {
      const auto first = Pack<T, N>::load(from.a + offset),
                 second = Pack<T, N>::load(from.b + offset),
                 open = Pack<T, N>::load(from.y + offset);
      Pack<T, N> dz;
#pragma unroll
      for (int i = 0; i < N; ++i)
        dz.set(i, reluGrad(add(first[i], second[i]), open[i]));
      dz.store(from.dz + offset);
      return dz;
    }
  };
};

template <class T, class Gradient> struct GradTerms {
  using Term = float;
  BatchMoments moments;
  const T *x;
  Gradient gradient;

  template <int N> struct Channels {
    const T *x;
    const typename Gradient::template Channels<N> dz;
    float mean[1][N];
    __device__ explicit Channels(const GradTerms &terms) : x(terms.x), dz(terms.gradient) {
      shareValues(terms.moments.channels, mean, [&](int64_t c, float(&ofChannel)[1]) {
        ofChannel[0] = static_cast<float>(terms.moments.mean(c));
      });
    }
    __device__ void add(int64_t, int64_t offset, float (&sums)[2][N]) const {
      const auto in = Pack<T, N>::load(x + offset);
      const auto slope = dz(in, offset);
#pragma unroll
      for (int i = 0; i < N; ++i) {
        sums[0][i] += slope[i];
        sums[1][i] += slope[i] * (in[i] - mean[0][i]);
      }
    }
  };
};

template <class T, class Gradient>
void gradSums(const Context &context, int64_t rows, const BatchMoments &moments, const T *x,
              const Gradient &gradient, bool packed, double *sums, void *workspace) {
  const int64_t channels = moments.channels;
  const auto finish = [=] __device__(int64_t c, const double(&total)[2]) {
    sums[c] = total[0];
    sums[moments.channels + c] = total[1] * moments.inverseStd(c);
  };
  withPacks<T>(packed, [&](auto n) {
    channelSums<2, n>(context, rows, channels, GradTerms<T, Gradient>{moments, x, gradient},
                      finish, workspace);
  });
}

template <class T, class Mask>
void gradSums(const Context &context, int64_t rows, const BatchMoments &moments, const T *x,
              const T *dy, const Mask &mask, double *sums, void *workspace) {
  gradSums(context, rows, moments, x, MaskedGradient<T, Mask>{dy, mask},
           isPacked(moments.channels, x, dy, mask.memory), sums, workspace);
}

/// dx = scale dz - slope (x - mean) - offset
template <int N, class T, class Mask>
__global__ void __launch_bounds__(blockThreads)
    gradInputKernel(Tiling tiling, BatchMoments moments, const float *gamma, const double *sums,
                    const T *x, const T *dy, Mask mask, T *dx) {
  enum { Mean, Scale, Slope, Shift, Count };
  float values[Count][N];
  shareValues(tiling.channels, values, [&](int64_t c, float(&ofChannel)[Count]) {
    const double inverseStd = moments.inverseStd(c), factor = gamma[c] * inverseStd;
    ofChannel[Mean] = static_cast<float>(moments.mean(c));
    ofChannel[Scale] = static_cast<float>(factor);
    ofChannel[Slope] =
        static_cast<float>(factor * inverseStd * sums[tiling.channels + c] / moments.count);
    ofChannel[Shift] = static_cast<float>(factor * sums[c] / moments.count);
  });
  const typename Mask::template Channels<N> masked(mask);
  const int64_t channel = firstChannel<N>();
  if (channel >= tiling.channels)
    return;
  forEachRow<4>(tiling, channel, [&](int64_t offset) {
    const auto in = Pack<T, N>::load(x + offset);
    const auto dz = masked(Pack<T, N>::load(dy + offset), in, offset);
    Pack<T, N> out;
#pragma unroll
    for (int i = 0; i < N; ++i)
      out.set(i, values[Scale][i] * dz[i] - values[Slope][i] * (in[i] - values[Mean][i]) -
                     values[Shift][i]);
    out.store(dx + offset);
  });
}

template <class T, class Mask>
void gradInput(const Context &context, int64_t rows, const BatchMoments &moments,
               const float *gamma, const double *sums, const T *x, const T *dy,
               const Mask &mask, T *dx) {
  withPacks<T>(isPacked(moments.channels, x, dy, mask.memory, dx), [&](auto n) {
    const Tiling tiling = tilingOf(rows, moments.channels, n);
    launch(gradInputKernel<n, T, Mask>, tiling.grid, tiling.block, 0, context.compute, tiling,
           moments, gamma, sums, x, dy, mask, dx);
    checkLaunch();
  });
}

//===- What is done once for each channel ---------------------------------------------===//

struct ParameterGrads {
  int64_t count; ///< channels
  const double *sums;
  float *dgamma, *dbeta;
};

struct ParameterGradsBody {
  static constexpr int64_t blockElements = blockThreads;

  __device__ void operator()(const ParameterGrads &grads, int64_t begin, int64_t end) const {
    for (int64_t c = begin + threadIdx.x; c < end; c += blockThreads) {
      grads.dbeta[c] = static_cast<float>(grads.sums[c]);
      grads.dgamma[c] = static_cast<float>(grads.sums[grads.count + c]);
    }
  }
};

struct Running {
  int64_t count; ///< channels
  BatchMoments batch;
  const float *mean, *var;
  float *newMean, *newVar;
};

Running runningOf(int64_t channels, int64_t count, const double *stats, const float *mean,
                  const float *var, float *newMean, float *newVar) {
  if (count < 2)
    throw std::invalid_argument(
        "BatchNormRunning: a batch norm over " + std::to_string(count) +
        " value a channel has no variance; train with a larger batch or "
        "larger images");
  return {channels, {stats, channels, count, 0}, mean, var, newMean, newVar};
}

struct RunningBody {
  static constexpr int64_t blockElements = blockThreads;
  double momentum;

  __device__ void operator()(const Running &running, int64_t begin, int64_t end) const {
    const BatchMoments &batch = running.batch;
    const double unbiased =
        static_cast<double>(batch.count) / static_cast<double>(batch.count - 1);
    for (int64_t c = begin + threadIdx.x; c < end; c += blockThreads) {
      running.newMean[c] =
          static_cast<float>((1 - momentum) * running.mean[c] + momentum * batch.mean(c));
      running.newVar[c] = static_cast<float>((1 - momentum) * running.var[c] +
                                             momentum * unbiased * batch.var(c));
    }
  }
};

} // namespace

//===- The calls ---------------------------------------------------------------------===//

template <class T>
void BatchNormStats::operator()(const Context &context, const T *x, double *stats,
                                void *workspace) const {
  const auto finish = [stats, channels = channels] __device__(int64_t c,
                                                              const double(&total)[2]) {
    stats[c] = total[0];
    stats[channels + c] = total[1];
  };
  withPacks<T>(isPacked(channels, x), [&](auto n) {
    channelSums<2, n>(context, rows, channels, StatsTerms<T>{x}, finish, workspace);
  });
}

template <class T>
void BatchNormApply::operator()(const Context &context, const T *x, const double *stats,
                                const float *gamma, const float *beta, T *y) const {
  (*this)(context, x, stats, gamma, beta, static_cast<const T *>(nullptr), y);
}

template <class T>
void BatchNormApply::operator()(const Context &context, const T *x, const double *stats,
                                const float *gamma, const float *beta, const T *residual,
                                T *y) const {
  normalize(context, rows, channels, relu, BatchMoments{stats, channels, count, epsilon}, gamma,
            beta, x, residual, y);
}

template <class T>
void BatchNormGradSums::operator()(const Context &context, const T *x, const double *stats,
                                   const T *dy, double *sums, void *workspace) const {
  (*this)(context, x, stats, dy, static_cast<const T *>(nullptr), sums, workspace);
}

template <class T>
void BatchNormGradSums::operator()(const Context &context, const T *x, const double *stats,
                                   const T *dy, const T *mask, double *sums,
                                   void *workspace) const {
  gradSums(context, rows, {stats, channels, count, epsilon}, x, dy, MaskInMemory<T>{mask}, sums,
           workspace);
}

template <class T>
void BatchNormReluGradSums::operator()(const Context &context, const T *x, const double *stats,
                                       const float *gamma, const float *beta, const T *dy,
                                       double *sums, void *workspace) const {
  const BatchMoments moments{stats, channels, count, epsilon};
  gradSums(context, rows, moments, x, dy, MaskOfNorm<T>{moments, gamma, beta}, sums, workspace);
}

template <class T>
void BatchNormAddReluGradSums::operator()(const Context &context, const T *x,
                                          const double *stats, const T *a, const T *b,
                                          const T *y, T *dz, double *sums,
                                          void *workspace) const {
  gradSums(context, rows, {stats, channels, count, epsilon}, x, SummedGradient<T>{a, b, y, dz},
           isPacked(channels, x, a, b, y, dz), sums, workspace);
}

template <class T>
void BatchNormGradInput::operator()(const Context &context, const T *x, const double *stats,
                                    const float *gamma, const double *sums, const T *dy,
                                    T *dx) const {
  (*this)(context, x, stats, gamma, sums, dy, static_cast<const T *>(nullptr), dx);
}

template <class T>
void BatchNormGradInput::operator()(const Context &context, const T *x, const double *stats,
                                    const float *gamma, const double *sums, const T *dy,
                                    const T *mask, T *dx) const {
  gradInput(context, rows, {stats, channels, count, epsilon}, gamma, sums, x, dy,
            MaskInMemory<T>{mask}, dx);
}

template <class T>
void BatchNormReluGradInput::operator()(const Context &context, const T *x, const double *stats,
                                        const float *gamma, const float *beta,
                                        const double *sums, const T *dy, T *dx) const {
  const BatchMoments moments{stats, channels, count, epsilon};
  gradInput(context, rows, moments, gamma, sums, x, dy, MaskOfNorm<T>{moments, gamma, beta},
            dx);
}

void BatchNormGradParameters::operator()(const Context &context, const double *sums,
                                         float *dgamma, float *dbeta) const {
  BatchNormGradParametersAll{{{channels, sums, dgamma, dbeta}}}(context);
}

void BatchNormGradParametersAll::operator()(const Context &context) const {
  std::vector<ParameterGrads> grads;
  for (const Tensor &tensor : tensors)
    grads.push_back({tensor.channels, tensor.sums, tensor.dgamma, tensor.dbeta});
  forEachTensor(context, std::span<const ParameterGrads>(grads), ParameterGradsBody{});
}

void BatchNormRunning::operator()(const Context &context, const double *stats,
                                  const float *mean, const float *var, float *newMean,
                                  float *newVar) const {
  const Running one = runningOf(channels, count, stats, mean, var, newMean, newVar);
  forEachTensor(context, std::span<const Running>(&one, 1), RunningBody{momentum});
}

void BatchNormRunningAll::operator()(const Context &context) const {
  std::vector<Running> all;
  for (const Tensor &tensor : tensors) {
    const bool inPlace = !tensor.newMean;
    all.push_back(runningOf(tensor.channels, tensor.count, tensor.stats, tensor.mean,
                            tensor.var, inPlace ? tensor.mean : tensor.newMean,
                            inPlace ? tensor.var : tensor.newVar));
  }
  forEachTensor(context, std::span<const Running>(all), RunningBody{momentum});
}

template <class T>
void BatchNormInference::operator()(const Context &context, const T *x, const float *gamma,
                                    const float *beta, const float *mean, const float *var,
                                    T *y) const {
  (*this)(context, x, gamma, beta, mean, var, static_cast<const T *>(nullptr), y);
}

template <class T>
void BatchNormInference::operator()(const Context &context, const T *x, const float *gamma,
                                    const float *beta, const float *mean, const float *var,
                                    const T *residual, T *y) const {
  normalize(context, rows, channels, relu, RunningMoments{mean, var, channels, epsilon}, gamma,
            beta, x, residual, y);
}

#define INSTANTIATE(T)                                                                         \
  template void BatchNormStats::operator()(const Context &, const T *, double *, void *)       \
      const;                                                                                   \
  template void BatchNormApply::operator()(const Context &, const T *, const double *,         \
                                           const float *, const float *, T *) const;           \
  template void BatchNormApply::operator()(const Context &, const T *, const double *,         \
                                           const float *, const float *, const T *, T *)       \
      const;                                                                                   \
  template void BatchNormGradSums::operator()(const Context &, const T *, const double *,      \
                                              const T *, double *, void *) const;              \
  template void BatchNormGradSums::operator()(const Context &, const T *, const double *,      \
                                              const T *, const T *, double *, void *) const;   \
  template void BatchNormGradInput::operator()(const Context &, const T *, const double *,     \
                                               const float *, const double *, const T *, T *)  \
      const;                                                                                   \
  template void BatchNormGradInput::operator()(const Context &, const T *, const double *,     \
                                               const float *, const double *, const T *,       \
                                               const T *, T *) const;                          \
  template void BatchNormReluGradSums::operator()(const Context &, const T *, const double *,  \
                                                  const float *, const float *, const T *,     \
                                                  double *, void *) const;                     \
  template void BatchNormAddReluGradSums::operator()(                                          \
      const Context &, const T *, const double *, const T *, const T *, const T *, T *,        \
      double *, void *) const;                                                                 \
  template void BatchNormReluGradInput::operator()(const Context &, const T *, const double *, \
                                                   const float *, const float *,               \
                                                   const double *, const T *, T *) const;      \
  template void BatchNormInference::operator()(const Context &, const T *, const float *,      \
                                               const float *, const float *, const float *,    \
                                               T *) const;                                     \
  template void BatchNormInference::operator()(const Context &, const T *, const float *,      \
                                               const float *, const float *, const float *,    \
                                               const T *, T *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
