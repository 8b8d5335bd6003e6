// See Loss.h. A block takes a row at a time; everything is relative to the row's largest logit,
// so that no exponential overflows.
#include "autopar/cuda/Loss.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Faults.cuh"
#include "autopar/cuda/Kernel.cuh"
#include "autopar/cuda/ScalarSum.cuh"

using namespace autopar::cuda;

namespace {

template <class T> __device__ float largest(const T *row, int64_t classes) {
  float value = -INFINITY;
  for (int64_t k = threadIdx.x; k < classes; k += blockDim.x)
    value = fmaxf(value, static_cast<float>(row[k]));
  return blockMax(value);
}

/// Whether the row counts.
__device__ bool isLabelled(Fault *faults, Fault::Call call, int64_t row, int32_t label,
                           int64_t classes) {
  if (label >= classes && threadIdx.x == 0)
    report(faults, call, row, label, classes);
  return label >= 0 && label < classes;
}

/// losses: f64 [batch]
template <class T>
__global__ void __launch_bounds__(blockThreads)
    crossEntropyKernel(SoftmaxCrossEntropy call, const T *logits, const int32_t *labels,
                       double *losses, Fault *faults) {
  for (int64_t n = blockIdx.x; n < call.batch; n += gridDim.x) {
    const int32_t label = labels[n];
    if (!isLabelled(faults, Fault::SoftmaxCrossEntropy, n, label, call.classes)) {
      if (threadIdx.x == 0)
        losses[n] = 0;
      continue;
    }
    const T *const row = logits + n * call.classes;
    const float top = largest(row, call.classes);
    double exponentials = 0, differences = 0;
    for (int64_t k = threadIdx.x; k < call.classes; k += blockDim.x) {
      const float difference = static_cast<float>(row[k]) - top;
      exponentials += expf(difference);
      differences += difference;
    }
    exponentials = blockSum(exponentials);
    differences = blockSum(differences);
    if (threadIdx.x != 0)
      continue;
    double loss =
        log(exponentials) - (1 - call.labelSmoothing) * (static_cast<double>(row[label]) - top);
    if (call.labelSmoothing != 0) // An infinite difference times 0 would be a NaN.
      loss -= call.labelSmoothing / call.classes * differences;
    losses[n] = loss;
  }
}

template <class T>
__global__ void __launch_bounds__(blockThreads)
    crossEntropyGradKernel(SoftmaxCrossEntropyGrad call, const T *logits, const int32_t *labels,
                           const float *scale, T *dlogits, Fault *faults) {
  const double share = (scale ? *scale : 1.0) / call.count;
  for (int64_t n = blockIdx.x; n < call.batch; n += gridDim.x) {
    const int32_t label = labels[n];
    const T *const row = logits + n * call.classes;
    T *const grad = dlogits + n * call.classes;
    if (!isLabelled(faults, Fault::SoftmaxCrossEntropyGrad, n, label, call.classes)) {
      for (int64_t k = threadIdx.x; k < call.classes; k += blockDim.x)
        grad[k] = static_cast<T>(0.0f);
      continue;
    }
    const float top = largest(row, call.classes);
    double exponentials = 0;
    for (int64_t k = threadIdx.x; k < call.classes; k += blockDim.x)
      exponentials += expf(static_cast<float>(row[k]) - top);
    exponentials = blockSum(exponentials);
    const float ofSoftmax = static_cast<float>(share / exponentials);
    const float elsewhere = static_cast<float>(call.labelSmoothing / call.classes * share);
    const float onLabel = static_cast<float>((1 - call.labelSmoothing) * share);
    for (int64_t k = threadIdx.x; k < call.classes; k += blockDim.x) {
      const float value = expf(static_cast<float>(row[k]) - top) * ofSoftmax - elsewhere;
      grad[k] = static_cast<T>(k == label ? value - onLabel : value);
    }
  }
}

__global__ void __launch_bounds__(blockThreads)
    countKeptKernel(int64_t count, const int32_t *labels, float *kept) {
  double sum = 0;
  for (int64_t i = threadIdx.x; i < count; i += blockThreads)
    sum += labels[i] >= 0;
  sum = blockSum(sum);
  if (threadIdx.x == 0)
    *kept = static_cast<float>(sum);
}

/// Adds 1 to `correct` for each row whose label wins: whole numbers, so the order of addition
/// does not matter.
template <class T>
__global__ void __launch_bounds__(blockThreads)
    countCorrectKernel(CountCorrect call, const T *logits, const int32_t *labels,
                       float *correct) {
  for (int64_t n = blockIdx.x; n < call.batch; n += gridDim.x) {
    const int32_t label = labels[n];
    if (label < 0 || label >= call.classes)
      continue;
    const T *const row = logits + n * call.classes;
    const float ofLabel = row[label];
    int betterOrEarlier = 0;
    for (int64_t k = threadIdx.x; k < call.classes; k += blockDim.x) {
      const float value = row[k];
      betterOrEarlier += !(value < ofLabel || (value == ofLabel && k >= label));
    }
    if (blockSum(betterOrEarlier) == 0 && threadIdx.x == 0)
      atomicAdd(correct, 1.0f);
  }
}

unsigned blocksForRows(int64_t rows) {
  return static_cast<unsigned>(std::clamp<int64_t>(rows, 1, manyBlocks));
}

} // namespace

template <class T>
void SoftmaxCrossEntropy::operator()(const Context &context, const T *logits,
                                     const int32_t *labels, float *loss,
                                     void *workspace) const {
  double *const losses = static_cast<double *>(workspace); // [batch]
  launch(crossEntropyKernel<T>, blocksForRows(batch), blockThreads, 0, context.compute, *this,
         logits, labels, losses, context.faults.onDevice());
  checkLaunch();
  scalarSum(context, losses, batch, [loss, count = count] __device__(double sum) {
    *loss = static_cast<float>(sum / count);
  });
}

template <class T>
void SoftmaxCrossEntropyGrad::operator()(const Context &context, const T *logits,
                                         const int32_t *labels, const float *scale,
                                         T *dlogits) const {
  launch(crossEntropyGradKernel<T>, blocksForRows(batch), blockThreads, 0, context.compute,
         *this, logits, labels, scale, dlogits, context.faults.onDevice());
  checkLaunch();
}

void CountKept::operator()(const Context &context, const int32_t *labels, float *kept) const {
  launch(countKeptKernel, 1, blockThreads, 0, context.compute, count, labels, kept);
  checkLaunch();
}

template <class T>
void CountCorrect::operator()(const Context &context, const T *logits, const int32_t *labels,
                              float *correct) const {
  check(cudaMemsetAsync(correct, 0, sizeof *correct, context.compute));
  launch(countCorrectKernel<T>, blocksForRows(batch), blockThreads, 0, context.compute, *this,
         logits, labels, correct);
  checkLaunch();
}

#define INSTANTIATE(T)                                                                         \
  template void SoftmaxCrossEntropy::operator()(const Context &, const T *, const int32_t *,   \
                                                float *, void *) const;                        \
  template void SoftmaxCrossEntropyGrad::operator()(                                           \
      const Context &, const T *, const int32_t *, const float *, T *) const;                  \
  template void CountCorrect::operator()(const Context &, const T *, const int32_t *, float *) \
      const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
