// See Softmax.h. A block takes a row at a time.
#include "autopar/cuda/Softmax.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Kernel.cuh"

using namespace autopar::cuda;

template <class T>
static __global__ void __launch_bounds__(blockThreads)
    softmaxKernel(Softmax call, const T *x, T *y) {
  for (int64_t r = blockIdx.x; r < call.rows; r += gridDim.x) {
    const int64_t seen = call.causal ? min(call.columns, r % call.queries + 1) : call.columns;
    const T *const in = x + r * call.columns;
    float top = -INFINITY;
    for (int64_t c = threadIdx.x; c < seen; c += blockThreads)
      top = fmaxf(top, static_cast<float>(in[c]));
    top = blockMax(top);
    float sum = 0;
    for (int64_t c = threadIdx.x; c < seen; c += blockThreads)
      sum += expf(static_cast<float>(in[c]) - top);
    const float scale = 1 / blockSum(sum);
    for (int64_t c = threadIdx.x; c < call.columns; c += blockThreads)
      y[r * call.columns + c] =
          static_cast<T>(c < seen ? expf(static_cast<float>(in[c]) - top) * scale : 0.0f);
  }
}

template <class T>
static __global__ void __launch_bounds__(blockThreads)
    softmaxGradKernel(SoftmaxGrad call, const T *dy, const T *y, T *dx) {
  for (int64_t r = blockIdx.x; r < call.rows; r += gridDim.x) {
    const int64_t begin = r * call.columns, end = begin + call.columns;
    float sum = 0;
    for (int64_t i = begin + threadIdx.x; i < end; i += blockThreads)
      sum += static_cast<float>(dy[i]) * static_cast<float>(y[i]);
    sum = blockSum(sum);
    for (int64_t i = begin + threadIdx.x; i < end; i += blockThreads)
      dx[i] = static_cast<T>(static_cast<float>(y[i]) * (static_cast<float>(dy[i]) - sum));
  }
}

static unsigned blocksForRows(int64_t rows) {
  return static_cast<unsigned>(std::clamp<int64_t>(rows, 1, manyBlocks));
}

template <class T> void Softmax::operator()(const Context &context, const T *x, T *y) const {
  launch(softmaxKernel<T>, blocksForRows(rows), blockThreads, 0, context.compute, *this, x, y);
  checkLaunch();
}

template <class T>
void SoftmaxGrad::operator()(const Context &context, const T *dy, const T *y, T *dx) const {
  launch(softmaxGradKernel<T>, blocksForRows(rows), blockThreads, 0, context.compute, *this, dy,
         y, dx);
  checkLaunch();
}

#define INSTANTIATE(T)                                                                         \
  template void Softmax::operator()(const Context &, const T *, T *) const;                    \
  template void SoftmaxGrad::operator()(const Context &, const T *, const T *, T *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
