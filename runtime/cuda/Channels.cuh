// What kernels know of a batch norm's channels, and work that is done once for each channel.
#ifndef AUTOPAR_RUNTIME_CUDA_CHANNELS_CUH
#define AUTOPAR_RUNTIME_CUDA_CHANNELS_CUH

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Kernel.cuh"

namespace autopar::cuda {

/// The batch's mean and 1/sqrt(var + epsilon) of each channel.
struct BatchMoments {
  const double *stats; ///< [2, channels]
  int64_t channels, count;
  double epsilon;

  __device__ double mean(int64_t c) const { return stats[c] / count; }
  __device__ double var(int64_t c) const {
    return fmax(0.0, stats[channels + c] / count - mean(c) * mean(c));
  }
  __device__ double inverseStd(int64_t c) const { return 1 / sqrt(var(c) + epsilon); }
};

/// compute(channel, values) for a block's channels, those of firstChannel (Rows.cuh), in double
/// precision and so by one thread for each channel; all threads that work on it then have the
/// values in f32. Every thread of the block calls this; beyond the last channel values are 0.
template <int Count, int N, class Compute>
__device__ void shareValues(int64_t channels, float (&values)[Count][N],
                            const Compute &compute) {
  constexpr int mostLanes = 32;
  __shared__ float shared[Count][mostLanes * N];
  const int thread = threadIdx.y * blockDim.x + threadIdx.x, width = blockDim.x * N;
  const int64_t first = int64_t(blockIdx.x) * width;
  __syncthreads(); // Values before these have been read.
  for (int i = thread; i < width; i += blockDim.x * blockDim.y) {
    float ofChannel[Count] = {};
    if (first + i < channels)
      compute(first + i, ofChannel);
#pragma unroll
    for (int v = 0; v < Count; ++v)
      shared[v][i] = ofChannel[v];
  }
  __syncthreads();
#pragma unroll
  for (int v = 0; v < Count; ++v)
#pragma unroll
    for (int i = 0; i < N; ++i)
      values[v][i] = shared[v][threadIdx.x * N + i];
}

template <class Body> __global__ void channelKernel(int64_t channels, Body body) {
  for (int64_t c = firstIndex(); c < channels; c += indexStride())
    body(c);
}

/// body(c) for each channel.
template <class Body>
void forEachChannel(const Context &context, int64_t channels, const Body &body) {
  launch(channelKernel<Body>, blocksFor(channels), blockThreads, 0, context.compute, channels,
         body);
  checkLaunch();
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CHANNELS_CUH
