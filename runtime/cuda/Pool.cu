// See Pool.h. A thread makes N neighbouring channels of one pixel of its result: forward over
// the window's inputs, backward over the windows that hold the input.
#include "autopar/cuda/Pool.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Kernel.cuh"

using namespace autopar::cuda;

namespace {

/// A shape with 32-bit sizes, which a device divides by faster, and how windows lie.
struct Windows {
  int height, width, outputHeight, outputWidth, channels;
  int kernelH, kernelW, strideH, strideW, padTop, padLeft;
  bool countIncludePad;
  int64_t inputs, outputs; ///< pixels of the whole batch

  explicit Windows(const PoolShape &s)
      : height(s.height), width(s.width), outputHeight(s.outputHeight()),
        outputWidth(s.outputWidth()), channels(s.channels), kernelH(s.kernelH),
        kernelW(s.kernelW), strideH(s.strideH), strideW(s.strideW), padTop(s.padTop),
        padLeft(s.padLeft), countIncludePad(s.countIncludePad),
        inputs(s.batch * s.height * s.width), outputs(s.batch * outputHeight * outputWidth) {}

  /// visit(offset of the input pixel, index in the window) for what the window holds.
  template <class Visit> __device__ void forEachInput(int64_t output, Visit visit) const {
    const int ow = output % outputWidth, oh = output / outputWidth % outputHeight;
    const int64_t image = output / outputWidth / outputHeight;
    for (int kh = 0; kh < kernelH; ++kh) {
      const int h = oh * strideH - padTop + kh;
      if (h < 0 || h >= height)
        continue;
      for (int kw = 0; kw < kernelW; ++kw) {
        const int w = ow * strideW - padLeft + kw;
        if (w >= 0 && w < width)
          visit(((image * height + h) * width + w) * channels, kh * kernelW + kw);
      }
    }
  }

  /// visit(offset of the output pixel, index of the input in its window) for the windows that
  /// hold the input.
  template <class Visit> __device__ void forEachWindow(int64_t input, Visit visit) const {
    const int w = input % width, h = input / width % height;
    const int64_t image = input / width / height;
    for (int kh = (h + padTop) % strideH; kh < kernelH; kh += strideH) {
      const int oh = (h + padTop - kh) / strideH;
      if (h + padTop < kh || oh >= outputHeight)
        continue;
      for (int kw = (w + padLeft) % strideW; kw < kernelW; kw += strideW) {
        const int ow = (w + padLeft - kw) / strideW;
        if (w + padLeft >= kw && ow < outputWidth)
          visit(((image * outputHeight + oh) * outputWidth + ow) * channels, kh * kernelW + kw);
      }
    }
  }

  /// What average pooling divides the output pixel's window by.
  __device__ float divisor(int64_t output) const {
    if (countIncludePad)
      return kernelH * kernelW;
    const int w = output % outputWidth * strideW - padLeft;
    const int h = output / outputWidth % outputHeight * strideH - padTop;
    return (min(h + kernelH, height) - max(h, 0)) * (min(w + kernelW, width) - max(w, 0));
  }
};

/// body(pixel, first channel) for each pack of the result.
template <int N, class Body>
__device__ void forEachPack(const Windows &windows, int64_t pixels, Body body) {
  const int packs = windows.channels / N;
  for (int64_t p = firstIndex(); p < pixels * packs; p += indexStride())
    body(p / packs, static_cast<int>(p % packs) * N);
}

template <int N, class T>
__global__ void maxPoolKernel(Windows windows, const T *x, T *y, uint8_t *indices) {
  forEachPack<N>(windows, windows.outputs, [&](int64_t pixel, int channel) {
    Pack<T, N> best;
    Pack<uint8_t, N> at;
    bool first = true;
    windows.forEachInput(pixel, [&](int64_t offset, int index) {
      const auto in = Pack<T, N>::load(x + offset + channel);
#pragma unroll
      for (int i = 0; i < N; ++i)
        if (first || in[i] > best[i] || isnan(in[i])) { // A NaN stays, and is noticed.
          best.items[i] = in.items[i];
          at.items[i] = index;
        }
      first = false;
    });
    best.store(y + pixel * windows.channels + channel);
    at.store(indices + pixel * windows.channels + channel);
  });
}

template <int N, class T>
__global__ void maxPoolGradKernel(Windows windows, const T *dy, const uint8_t *indices, T *dx) {
  forEachPack<N>(windows, windows.inputs, [&](int64_t pixel, int channel) {
    float sum[N] = {};
    windows.forEachWindow(pixel, [&](int64_t offset, int index) {
      const auto at = Pack<uint8_t, N>::load(indices + offset + channel);
      const auto in = Pack<T, N>::load(dy + offset + channel);
#pragma unroll
      for (int i = 0; i < N; ++i)
        sum[i] += at.items[i] == index ? in[i] : 0;
    });
    Pack<T, N> out;
#pragma unroll
    for (int i = 0; i < N; ++i)
      out.set(i, sum[i]);
    out.store(dx + pixel * windows.channels + channel);
  });
}

template <int N, class T> __global__ void avgPoolKernel(Windows windows, const T *x, T *y) {
  forEachPack<N>(windows, windows.outputs, [&](int64_t pixel, int channel) {
    float sum[N] = {};
    windows.forEachInput(pixel, [&](int64_t offset, int) {
      const auto in = Pack<T, N>::load(x + offset + channel);
#pragma unroll
      for (int i = 0; i < N; ++i)
        sum[i] += in[i];
    });
    const float divisor = windows.divisor(pixel);
    Pack<T, N> out;
#pragma unroll
    for (int i = 0; i < N; ++i)
      out.set(i, sum[i] / divisor);
    out.store(y + pixel * windows.channels + channel);
  });
}

template <int N, class T>
__global__ void avgPoolGradKernel(Windows windows, const T *dy, T *dx) {
  forEachPack<N>(windows, windows.inputs, [&](int64_t pixel, int channel) {
    float sum[N] = {};
    windows.forEachWindow(pixel, [&](int64_t offset, int) {
      const auto in = Pack<T, N>::load(dy + offset + channel);
      const float divisor = windows.divisor(offset / windows.channels);
#pragma unroll
      for (int i = 0; i < N; ++i)
        sum[i] += in[i] / divisor;
    });
    Pack<T, N> out;
#pragma unroll
    for (int i = 0; i < N; ++i)
      out.set(i, sum[i]);
    out.store(dx + pixel * windows.channels + channel);
  });
}

} // namespace

template <class T>
void MaxPool::operator()(const Context &context, const T *x, T *y, uint8_t *indices,
                         void *) const {
  const Windows windows(shape);
  withPacks<T>(isPacked(shape.channels, x, y, indices), [&](auto n) {
    launch(maxPoolKernel<n, T>, blocksFor(windows.outputs * shape.channels / n), blockThreads,
           0, context.compute, windows, x, y, indices);
  });
  checkLaunch();
}

template <class T>
void MaxPoolGrad::operator()(const Context &context, const T *dy, const uint8_t *indices, T *dx,
                             void *) const {
  const Windows windows(shape);
  withPacks<T>(isPacked(shape.channels, dy, indices, dx), [&](auto n) {
    launch(maxPoolGradKernel<n, T>, blocksFor(windows.inputs * shape.channels / n),
           blockThreads, 0, context.compute, windows, dy, indices, dx);
  });
  checkLaunch();
}

template <class T>
void AvgPool::operator()(const Context &context, const T *x, T *y, void *) const {
  const Windows windows(shape);
  withPacks<T>(isPacked(shape.channels, x, y), [&](auto n) {
    launch(avgPoolKernel<n, T>, blocksFor(windows.outputs * shape.channels / n), blockThreads,
           0, context.compute, windows, x, y);
  });
  checkLaunch();
}

template <class T>
void AvgPoolGrad::operator()(const Context &context, const T *dy, T *dx, void *) const {
  const Windows windows(shape);
  withPacks<T>(isPacked(shape.channels, dy, dx), [&](auto n) {
    launch(avgPoolGradKernel<n, T>, blocksFor(windows.inputs * shape.channels / n),
           blockThreads, 0, context.compute, windows, dy, dx);
  });
  checkLaunch();
}

#define INSTANTIATE(T)                                                                         \
  template void MaxPool::operator()(const Context &, const T *, T *, uint8_t *, void *) const; \
  template void MaxPoolGrad::operator()(const Context &, const T *, const uint8_t *, T *,      \
                                        void *) const;                                         \
  template void AvgPool::operator()(const Context &, const T *, T *, void *) const;            \
  template void AvgPoolGrad::operator()(const Context &, const T *, T *, void *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
