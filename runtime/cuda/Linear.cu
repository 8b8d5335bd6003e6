// See Linear.h: the bias and its gradient.
#include "autopar/cuda/Linear.h"

#include "autopar/cuda/ChannelSums.cuh"
#include "autopar/cuda/ElementSteps.cuh"

using namespace autopar::cuda;

namespace {

template <int N, class T>
__global__ void __launch_bounds__(blockThreads)
    biasAddKernel(Tiling tiling, const T *x, const float *b, T *y) {
  const int64_t channel = firstChannel<N>();
  if (channel >= tiling.channels)
    return;
  float bias[N];
#pragma unroll
  for (int i = 0; i < N; ++i)
    bias[i] = b[channel + i];
  forEachRow<4>(tiling, channel, [&](int64_t offset) {
    auto value = Pack<T, N>::load(x + offset);
#pragma unroll
    for (int i = 0; i < N; ++i)
      value.set(i, add(value[i], bias[i]));
    value.store(y + offset);
  });
}

template <class T> struct BiasTerms {
  using Term = double;
  const T *dy;

  template <int N> struct Channels {
    const T *dy;
    __device__ explicit Channels(const BiasTerms &terms) : dy(terms.dy) {}
    __device__ void add(int64_t, int64_t offset, double (&sums)[1][N]) const {
      const auto in = Pack<T, N>::load(dy + offset);
#pragma unroll
      for (int i = 0; i < N; ++i)
        sums[0][i] += in[i];
    }
  };
};

} // namespace

template <class T>
void BiasAdd::operator()(const Context &context, const T *x, const float *b, T *y) const {
  withPacks<T>(isPacked(channels, x, y), [&](auto n) {
    const Tiling tiling = tilingOf(rows, channels, n);
    launch(biasAddKernel<n, T>, tiling.grid, tiling.block, 0, context.compute, tiling, x, b, y);
    checkLaunch();
  });
}

template <class T>
void BiasGrad::operator()(const Context &context, const T *dy, float *db,
                          void *workspace) const {
  const auto finish = [db] __device__(int64_t c, const double(&total)[1]) {
    db[c] = static_cast<float>(total[0]);
  };
  withPacks<T>(isPacked(channels, dy), [&](auto n) {
    channelSums<1, n>(context, rows, channels, BiasTerms<T>{dy}, finish, workspace);
  });
}

#define INSTANTIATE(T)                                                                         \
  template void BiasAdd::operator()(const Context &, const T *, const float *, T *) const;     \
  template void BiasGrad::operator()(const Context &, const T *, float *, void *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
