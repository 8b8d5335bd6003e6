// See Conv2d.h: cuDNN's plan, and the weights' way to it and back.
#include "autopar/cuda/Conv2d.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Conv2dPlan.h"
#include "autopar/cuda/Kernel.cuh"

using namespace autopar;
using namespace autopar::cuda;

namespace {

/// The weights of `filters` filters, seen as [filters, channels, pixels].
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

/// The workspace's two parts.
struct Parts {
  void *weights, *ofPlan;
};

template <class T>
Parts split(const char *call, DataType planned, size_t weightBytes, void *workspace) {
  requireType(call, "images", planned, typeOf<T>());
  return {workspace, static_cast<std::byte *>(workspace) + weightBytes};
}

/// The weights as cuDNN wants them.
template <class T>
const void *bring(const Context &context, const Conv2dShape &shape, bool asKept, const float *w,
                  void *room) {
  if (asKept)
    return w;
  const Filters filters(shape);
  channelsLastKernel<<<blocksFor(filters.count()), blockThreads, 0, context.compute>>>(
      filters, filters.count(), w, static_cast<T *>(room));
  checkLaunch();
  return room;
}

} // namespace

template <class T>
void Conv2dForward::operator()(const Context &context, const T *x, const float *w, T *y,
                               void *workspace) const {
  const Parts parts = split<T>(state->call, state->shape.type, state->weightBytes(), workspace);
  const void *weights =
      bring<T>(context, state->shape, state->keepsWeights(), w, parts.weights);
  state->plan.run(context.cudnn(), {{Image, x}, {Weights, weights}, {Output, y}}, parts.ofPlan);
}

template <class T>
void Conv2dInputGrad::operator()(const Context &context, const T *dy, const float *w, T *dx,
                                 void *workspace) const {
  const Parts parts = split<T>(state->call, state->shape.type, state->weightBytes(), workspace);
  const void *weights =
      bring<T>(context, state->shape, state->keepsWeights(), w, parts.weights);
  state->plan.run(context.cudnn(), {{Image, dx}, {Weights, weights}, {Output, dy}},
                  parts.ofPlan);
}

template <class T>
void Conv2dWeightGrad::operator()(const Context &context, const T *x, const T *dy, float *dw,
                                  void *workspace) const {
  const Parts parts = split<T>(state->call, state->shape.type, state->weightBytes(), workspace);
  const bool asKept = state->keepsWeights();
  void *const weights = asKept ? dw : parts.weights;
  state->plan.run(context.cudnn(), {{Image, x}, {Weights, weights}, {Output, dy}},
                  parts.ofPlan);
  if (asKept)
    return;
  const Filters filters(state->shape);
  channelsFirstKernel<<<blocksFor(filters.count()), blockThreads, 0, context.compute>>>(
      filters, filters.count(), static_cast<const T *>(weights), dw);
  checkLaunch();
}

#define INSTANTIATE(T)                                                                         \
  template void Conv2dForward::operator()(const Context &, const T *, const float *, T *,      \
                                          void *) const;                                       \
  template void Conv2dInputGrad::operator()(const Context &, const T *, const float *, T *,    \
                                            void *) const;                                     \
  template void Conv2dWeightGrad::operator()(const Context &, const T *, const T *, float *,   \
                                             void *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
