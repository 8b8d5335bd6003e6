// See CrossEntropy.h. A block takes a row at a time.
#include "autopar/cuda/CrossEntropy.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Faults.cuh"
#include "autopar/cuda/Kernel.cuh"

using namespace autopar;
using namespace autopar::cuda;

namespace {

/// This rank's classes: the first, and how many of them are no padding.
struct Classes {
  int64_t first, all, valid;

  Classes(const Part &logits, int64_t classes, int64_t validOfAll)
      : first(logits.begin[logits.begin.size() - 1]), all(classes),
        valid(std::clamp<int64_t>(validOfAll - first, 0, classes)) {}

  /// The label as a number of this rank's, or -1 when it has not that class.
  __device__ int64_t own(int32_t label) const {
    return label >= first && label < first + valid ? label - first : -1;
  }
};

/// e^x in f64, where no float reaches, with the relative error of a float; 0 below -700,
/// infinite above 700. Of a NaN, a NaN.
__device__ double wideExp(float x) {
  constexpr float most = 700, log2e = 1.44269504f;
  // log(2) in two parts, the first of few bits, so that power times it is exact.
  constexpr float ln2High = 0.693359375f, ln2Low = -2.12194440e-4f;
  if (x > most)
    return INFINITY;
  if (x < -most)
    return 0;
  const float power = rintf(x * log2e);
  const float fraction = expf((x - power * ln2High) - power * ln2Low);
  return fraction * __hiloint2double((static_cast<int>(power) + 1023) << 20, 0);
}

template <class T>
__global__ void __launch_bounds__(blockThreads)
    vocabularySumsKernel(Classes mine, int64_t rows, int64_t validOfAll, const T *logits,
                         const int32_t *labels, double *sums, Fault *faults) {
  for (int64_t r = blockIdx.x; r < rows; r += gridDim.x) {
    const T *const row = logits + r * mine.all;
    double sum = 0;
    for (int64_t k = threadIdx.x; k < mine.valid; k += blockThreads)
      sum += wideExp(row[k]);
    sum = blockSum(sum);
    if (threadIdx.x != 0)
      continue;
    const int32_t label = labels[r];
    if (label >= validOfAll)
      report(faults, Fault::VocabularySums, r, label, validOfAll);
    const int64_t own = mine.own(label);
    sums[2 * r] = sum;
    sums[2 * r + 1] = own < 0 ? 0 : static_cast<float>(row[own]);
  }
}

__global__ void __launch_bounds__(blockThreads)
    lossOfSumsKernel(CrossEntropyOfSums call, const double *sums, const int32_t *labels,
                     float *loss) {
  double total = 0;
  for (int64_t r = threadIdx.x; r < call.rows; r += blockThreads)
    if (labels[r] >= 0)
      total += log(sums[2 * r]) - sums[2 * r + 1];
  total = blockSum(total);
  if (threadIdx.x == 0)
    *loss = static_cast<float>(total / call.count);
}

template <class T>
__global__ void __launch_bounds__(blockThreads)
    gradOfSumsKernel(Classes mine, int64_t rows, int64_t count, const T *logits,
                     const int32_t *labels, const double *sums, const float *scale,
                     T *dlogits) {
  const float share = static_cast<float>((scale ? *scale : 1.0) / static_cast<double>(count));
  for (int64_t r = blockIdx.x; r < rows; r += gridDim.x) {
    const T *const row = logits + r * mine.all;
    T *const grad = dlogits + r * mine.all;
    const int32_t label = labels[r];
    // log(sum) in two parts: what is near the first, and so counts, loses no digits.
    const double logSum = log(sums[2 * r]);
    const float high = static_cast<float>(logSum), low = static_cast<float>(logSum - high);
    const int64_t counted = label < 0 ? 0 : mine.valid, own = mine.own(label);
    for (int64_t k = threadIdx.x; k < mine.all; k += blockThreads) {
      float value = 0;
      if (k < counted)
        value = expf((static_cast<float>(row[k]) - high) - low) * share;
      grad[k] = static_cast<T>(k == own ? value - share : value);
    }
  }
}

unsigned blocksForRows(int64_t rows) {
  return static_cast<unsigned>(std::clamp<int64_t>(rows, 1, manyBlocks));
}

} // namespace

template <class T>
void VocabularySums::operator()(const Context &context, const T *logits, const int32_t *labels,
                                double *sums) const {
  vocabularySumsKernel<<<blocksForRows(rows), blockThreads, 0, context.compute>>>(
      Classes(this->logits, classes, valid), rows, valid, logits, labels, sums,
      context.faults.onDevice());
  checkLaunch();
}

void CrossEntropyOfSums::operator()(const Context &context, const double *sums,
                                    const int32_t *labels, float *loss) const {
  lossOfSumsKernel<<<1, blockThreads, 0, context.compute>>>(*this, sums, labels, loss);
  checkLaunch();
}

template <class T>
void CrossEntropyOfSumsGrad::operator()(const Context &context, const T *logits,
                                        const int32_t *labels, const double *sums,
                                        const float *scale, T *dlogits) const {
  gradOfSumsKernel<<<blocksForRows(rows), blockThreads, 0, context.compute>>>(
      Classes(this->logits, classes, valid), rows, count, logits, labels, sums, scale, dlogits);
  checkLaunch();
}

#define INSTANTIATE(T)                                                                         \
  template void VocabularySums::operator()(const Context &, const T *, const int32_t *,        \
                                           double *) const;                                    \
  template void CrossEntropyOfSumsGrad::operator()(                                            \
      const Context &, const T *, const int32_t *, const double *, const float *, T *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
