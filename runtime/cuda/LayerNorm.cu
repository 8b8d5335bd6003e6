// See LayerNorm.h. A warp takes a row at a time. It reads it more than once, but from memory
// only the first time: a row of some thousand channels stays in the L1 cache.
#include "autopar/cuda/LayerNorm.h"

#include "autopar/cuda/ChannelSums.cuh"

using namespace autopar::cuda;

namespace {

constexpr int blockRows = blockThreads / 32;

/// visit(offset of N elements in the row) for this lane's.
template <int N, class Visit> __device__ void forEachPack(int64_t channels, Visit visit) {
  for (int64_t c = threadIdx.x % 32 * N; c < channels; c += 32 * N)
    visit(c);
}

/// visit(row) for this warp's rows.
template <class Visit> __device__ void forEachWarpRow(int64_t rows, Visit visit) {
  for (int64_t row = int64_t(blockIdx.x) * blockRows + threadIdx.x / 32; row < rows;
       row += int64_t(gridDim.x) * blockRows)
    visit(row);
}

template <int N, class T>
__global__ void __launch_bounds__(blockThreads)
    layerNormKernel(LayerNorm call, const T *x, const float *gamma, const float *beta, T *y,
                    float *means, float *rstds) {
  forEachWarpRow(call.rows, [&](int64_t row) {
    const T *const in = x + row * call.channels;
    float sum = 0;
    forEachPack<N>(call.channels, [&](int64_t c) {
      const auto pack = Pack<T, N>::load(in + c);
#pragma unroll
      for (int i = 0; i < N; ++i)
        sum += pack[i];
    });
    const float mean = warpSum(sum) / call.channels;
    float squares = 0;
    forEachPack<N>(call.channels, [&](int64_t c) {
      const auto pack = Pack<T, N>::load(in + c);
#pragma unroll
      for (int i = 0; i < N; ++i)
        squares += (pack[i] - mean) * (pack[i] - mean);
    });
    const float rstd =
        rsqrtf(warpSum(squares) / call.channels + static_cast<float>(call.epsilon));
    forEachPack<N>(call.channels, [&](int64_t c) {
      const auto pack = Pack<T, N>::load(in + c);
      Pack<T, N> out;
#pragma unroll
      for (int i = 0; i < N; ++i)
        out.set(i, (pack[i] - mean) * rstd * gamma[c + i] + beta[c + i]);
      out.store(y + row * call.channels + c);
    });
    if (threadIdx.x % 32 == 0) {
      means[row] = mean;
      rstds[row] = rstd;
    }
  });
}

template <int N, class T>
__global__ void __launch_bounds__(blockThreads)
    gradInputKernel(LayerNormGradInput call, const T *dy, const T *x, const float *gamma,
                    const float *means, const float *rstds, const T *added, T *dx) {
  forEachWarpRow(call.rows, [&](int64_t row) {
    const int64_t begin = row * call.channels;
    const float mean = means[row], rstd = rstds[row];
    float sum = 0, product = 0; // of g, and of g x̂
    forEachPack<N>(call.channels, [&](int64_t c) {
      const auto in = Pack<T, N>::load(x + begin + c), above = Pack<T, N>::load(dy + begin + c);
#pragma unroll
      for (int i = 0; i < N; ++i) {
        const float g = above[i] * gamma[c + i];
        sum += g;
        product += g * (in[i] - mean) * rstd;
      }
    });
    const float meanOfG = warpSum(sum) / call.channels;
    const float slope = warpSum(product) / call.channels;
    forEachPack<N>(call.channels, [&](int64_t c) {
      const auto in = Pack<T, N>::load(x + begin + c), above = Pack<T, N>::load(dy + begin + c);
      auto out = added ? Pack<T, N>::load(added + begin + c) : Pack<T, N>();
#pragma unroll
      for (int i = 0; i < N; ++i)
        out.set(i, out[i] + rstd * (above[i] * gamma[c + i] - meanOfG -
                                    (in[i] - mean) * rstd * slope));
      out.store(dx + begin + c);
    });
  });
}

template <class T> struct ParameterTerms {
  using Term = float;
  const T *dy, *x;
  const float *means, *rstds;

  template <int N> struct Channels {
    const ParameterTerms &terms;
    __device__ explicit Channels(const ParameterTerms &terms) : terms(terms) {}
    __device__ void add(int64_t row, int64_t offset, float (&sums)[2][N]) const {
      const float mean = terms.means[row], rstd = terms.rstds[row];
      const auto in = Pack<T, N>::load(terms.x + offset),
                 above = Pack<T, N>::load(terms.dy + offset);
#pragma unroll
      for (int i = 0; i < N; ++i) {
        sums[0][i] += above[i] * (in[i] - mean) * rstd;
        sums[1][i] += above[i];
      }
    }
  };
};

unsigned blocksForRows(int64_t rows) {
  return static_cast<unsigned>(std::clamp<int64_t>(divideUp(rows, blockRows), 1, manyBlocks));
}

} // namespace

template <class T>
void LayerNorm::operator()(const Context &context, const T *x, const float *gamma,
                           const float *beta, T *y, float *mean, float *rstd) const {
  withPacks<T>(isPacked(channels, x, y), [&](auto n) {
    launch(layerNormKernel<n, T>, blocksForRows(rows), blockThreads, 0, context.compute, *this,
           x, gamma, beta, y, mean, rstd);
    checkLaunch();
  });
}

/// added: null, or [rows, channels].
template <class T>
static void gradInput(const Context &context, const LayerNormGradInput &call, const T *dy,
                      const T *x, const float *gamma, const float *mean, const float *rstd,
                      const T *added, T *dx) {
  withPacks<T>(isPacked(call.channels, dy, x, added, dx), [&](auto n) {
    launch(gradInputKernel<n, T>, blocksForRows(call.rows), blockThreads, 0, context.compute,
           call, dy, x, gamma, mean, rstd, added, dx);
    checkLaunch();
  });
}

template <class T>
void LayerNormGradInput::operator()(const Context &context, const T *dy, const T *x,
                                    const float *gamma, const float *mean, const float *rstd,
                                    T *dx) const {
  gradInput<T>(context, *this, dy, x, gamma, mean, rstd, nullptr, dx);
}

template <class T>
void LayerNormGradInputAdd::operator()(const Context &context, const T *dy, const T *x,
                                       const float *gamma, const float *mean, const float *rstd,
                                       const T *added, T *dx) const {
  gradInput(context, {rows, channels}, dy, x, gamma, mean, rstd, added, dx);
}

template <class T>
void LayerNormGradParameters::operator()(const Context &context, const T *dy, const T *x,
                                         const float *mean, const float *rstd, float *dgamma,
                                         float *dbeta, void *workspace) const {
  const auto finish = [=] __device__(int64_t c, const double(&total)[2]) {
    dgamma[c] = static_cast<float>(total[0]);
    dbeta[c] = static_cast<float>(total[1]);
  };
  withPacks<T>(isPacked(channels, dy, x), [&](auto n) {
    channelSums<2, n>(context, rows, channels, ParameterTerms<T>{dy, x, mean, rstd}, finish,
                      workspace);
  });
}

#define INSTANTIATE(T)                                                                         \
  template void LayerNorm::operator()(const Context &, const T *, const float *,               \
                                      const float *, T *, float *, float *) const;             \
  template void LayerNormGradInput::operator()(const Context &, const T *, const T *,          \
                                               const float *, const float *, const float *,    \
                                               T *) const;                                     \
  template void LayerNormGradInputAdd::operator()(const Context &, const T *, const T *,       \
                                                  const float *, const float *, const float *, \
                                                  const T *, T *) const;                       \
  template void LayerNormGradParameters::operator()(const Context &, const T *, const T *,     \
                                                    const float *, const float *, float *,     \
                                                    float *, void *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
