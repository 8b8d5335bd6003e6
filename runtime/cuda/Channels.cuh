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
