// See CrossEntropy.h. A block of threads takes a row, or a block of its classes, at a time, and
// reads it once, 16 bytes a load where rows are so aligned.
#include "autopar/cuda/CrossEntropy.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Faults.cuh"
#include "autopar/cuda/Kernel.cuh"

#include <cfloat>

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

/// The largest of some numbers, and the sum of the exponentials of what they are less.
struct Exponentials {
  float largest = -FLT_MAX; ///< no less, for -inf - -inf would be no number
  double sum = 0;

  __device__ void add(float x) {
    if (x > largest) {
      sum *= expf(largest - x);
      largest = x;
    }
    sum += expf(x - largest);
  }
};

/// Those of all of a block's threads, in every thread.
__device__ Exponentials together(const Exponentials &own) {
  const float top = blockMax(own.largest);
  return {top, blockSum(own.sum * expf(own.largest - top))};
}

/// What a whole row comes to.
struct RowSums {
  double largest = -FLT_MAX, exponentials = 0, ofLabel = 0;

  __device__ RowSums(const double *sums, int64_t blocks) {
    for (int64_t b = 0; b < blocks; ++b)
      largest = fmax(largest, sums[3 * b]);
    for (int64_t b = 0; b < blocks; ++b) {
      exponentials += sums[3 * b + 1] * exp(sums[3 * b] - largest);
      ofLabel += sums[3 * b + 2];
    }
  }
};

template <int N, class T>
__global__ void __launch_bounds__(blockThreads)
    vocabularySumsKernel(Classes mine, int64_t rows, int64_t blocks, int64_t validOfAll,
                         const T *logits, const int32_t *labels, double *sums, Fault *faults) {
  const int64_t width = mine.all / blocks;
  for (int64_t i = blockIdx.x; i < rows * blocks; i += gridDim.x) {
    const int64_t r = i / blocks, b = i % blocks;
    const T *const row = logits + r * mine.all;
    const int64_t end = min((b + 1) * width, mine.valid);
    Exponentials own;
#pragma unroll 2
    for (int64_t k = b * width + threadIdx.x * N; k < end; k += blockThreads * N) {
      const auto in = Pack<T, N>::load(row + k);
#pragma unroll
      for (int i = 0; i < N; ++i)
        if (k + i < end)
          own.add(in[i]);
    }
    const Exponentials all = together(own);
    if (threadIdx.x != 0)
      continue;
    const int32_t label = labels[r];
    if (b == 0 && label >= validOfAll)
      report(faults, Fault::VocabularySums, r, label, validOfAll);
    const int64_t at = mine.own(label);
    sums[3 * i] = all.largest;
    sums[3 * i + 1] = all.sum;
    sums[3 * i + 2] = at >= 0 && at / width == b ? static_cast<float>(row[at]) : 0;
  }
}

__global__ void __launch_bounds__(blockThreads)
    lossOfSumsKernel(CrossEntropyOfSums call, const double *sums, const int32_t *labels,
                     float *loss) {
  double total = 0;
  for (int64_t r = threadIdx.x; r < call.rows; r += blockThreads) {
    if (labels[r] < 0)
      continue;
    const RowSums row(sums + 3 * r * call.blocks, call.blocks);
    total += log(row.exponentials) + (row.largest - row.ofLabel);
  }
  total = blockSum(total);
  if (threadIdx.x == 0)
    *loss = static_cast<float>(total / call.count);
}

template <int N, class T>
__global__ void __launch_bounds__(blockThreads)
    gradOfSumsKernel(Classes mine, int64_t rows, int64_t blocks, int64_t count, const T *logits,
                     const int32_t *labels, const double *sums, const float *scale,
                     T *dlogits) {
  const double share = (scale ? *scale : 1.0) / static_cast<double>(count);
  const float onLabel = static_cast<float>(share);
  for (int64_t r = blockIdx.x; r < rows; r += gridDim.x) {
    const T *const row = logits + r * mine.all;
    T *const grad = dlogits + r * mine.all;
    const int32_t label = labels[r];
    __shared__ float top, ofSoftmax; // The same for all classes: computed once.
    __syncthreads();                 // Those of the row before have been read.
    if (threadIdx.x == 0) {
      const RowSums all(sums + 3 * r * blocks, blocks);
      top = static_cast<float>(all.largest);
      ofSoftmax = static_cast<float>(share / all.exponentials);
    }
    __syncthreads();
    const int64_t counted = label < 0 ? 0 : mine.valid, own = mine.own(label);
#pragma unroll 2
    for (int64_t k = threadIdx.x * N; k < mine.all; k += blockThreads * N) {
      auto pack = Pack<T, N>::load(row + k);
#pragma unroll
      for (int i = 0; i < N; ++i) {
        const float value = k + i < counted ? expf(pack[i] - top) * ofSoftmax : 0;
        pack.set(i, k + i == own ? value - onLabel : value);
      }
      pack.store(grad + k);
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
  // Each block of a row begins where a pack does.
  withPacks<T>(isPacked(classes / blocks, logits), [&](auto n) {
    launch(vocabularySumsKernel<n, T>, blocksForRows(rows * blocks), blockThreads, 0,
           context.compute, Classes(this->logits, classes, valid), rows, blocks, valid, logits,
           labels, sums, context.faults.onDevice());
    checkLaunch();
  });
}

void CrossEntropyOfSums::operator()(const Context &context, const double *sums,
                                    const int32_t *labels, float *loss) const {
  launch(lossOfSumsKernel, 1, blockThreads, 0, context.compute, *this, sums, labels, loss);
  checkLaunch();
}

template <class T>
void CrossEntropyOfSumsGrad::operator()(const Context &context, const T *logits,
                                        const int32_t *labels, const double *sums,
                                        const float *scale, T *dlogits) const {
  withPacks<T>(isPacked(classes, logits, dlogits), [&](auto n) {
    launch(gradOfSumsKernel<n, T>, blocksForRows(rows), blockThreads, 0, context.compute,
           Classes(this->logits, classes, valid), rows, blocks, count, logits, labels, sums,
           scale, dlogits);
    checkLaunch();
  });
}

#define INSTANTIATE(T)                                                                         \
  template void VocabularySums::operator()(const Context &, const T *, const int32_t *,        \
                                           double *) const;                                    \
  template void CrossEntropyOfSumsGrad::operator()(                                            \
      const Context &, const T *, const int32_t *, const double *, const float *, T *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
