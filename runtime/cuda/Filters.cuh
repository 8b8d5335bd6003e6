// Weights' way to cuDNN and back: they are f32 and lie as PyTorch stores them, [filters,
// channels, pixels], and cuDNN works on them channels-last in the images' type.
#ifndef AUTOPAR_RUNTIME_CUDA_FILTERS_CUH
#define AUTOPAR_RUNTIME_CUDA_FILTERS_CUH

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Conv2d.h"
#include "autopar/cuda/Kernel.cuh"

namespace autopar::cuda {

struct Filters {
  int64_t filters, channels, pixels;

  explicit Filters(const Conv2dShape &s)
      : filters(s.filters), channels(s.channels / s.groups), pixels(s.kernelH * s.kernelW) {}
  int64_t count() const { return filters * channels * pixels; }

  /// Where the i-th weight, channels last, stands as PyTorch keeps it.
  __device__ int64_t kept(int64_t i) const {
    const int64_t channel = i % channels, pixel = i / channels % pixels;
    return (i / channels / pixels * channels + channel) * pixels + pixel;
  }
};

template <class T>
__global__ void channelsLastKernel(Filters filters, int64_t count, const float *w, T *to) {
  for (int64_t i = firstIndex(); i < count; i += indexStride())
    to[i] = static_cast<T>(w[filters.kept(i)]);
}

template <class T>
__global__ void channelsFirstKernel(Filters filters, int64_t count, const T *from, float *w) {
  for (int64_t i = firstIndex(); i < count; i += indexStride())
    w[filters.kept(i)] = static_cast<float>(from[i]);
}

/// The weights as cuDNN wants them, in `room`.
template <class T>
const T *toChannelsLast(const Context &context, const Filters &filters, const float *w,
                        void *room) {
  T *const to = static_cast<T *>(room);
  launch(channelsLastKernel<T>, blocksFor(filters.count()), blockThreads, 0, context.compute,
         filters, filters.count(), w, to);
  checkLaunch();
  return to;
}

/// Their gradient as it is kept.
template <class T>
void fromChannelsLast(const Context &context, const Filters &filters, const T *from, float *w) {
  launch(channelsFirstKernel<T>, blocksFor(filters.count()), blockThreads, 0, context.compute,
         filters, filters.count(), from, w);
  checkLaunch();
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_FILTERS_CUH
