// Cross-entropy over a vocabulary that ranks split: see runtime/cpu/CrossEntropy.h for what
// each computes. T is float, bf16 or f16; sums are f64. A label that is no valid class is told
// when the host next waits (see Faults.h).
#ifndef AUTOPAR_RUNTIME_CUDA_CROSSENTROPY_H
#define AUTOPAR_RUNTIME_CUDA_CROSSENTROPY_H

#include "autopar/core/Part.h"
#include "autopar/cuda/Elements.h"

namespace autopar::cuda {

class Context;

// logits, dlogits: [rows, classes], the block `logits` of the whole, whose classes from `valid`
// on are padding; labels: i32 [rows], of the whole vocabulary; a row with a negative one counts
// for nothing. sums: f64 [rows, blocks, 3].

/// sums[r][b] = {the largest logit L of the block's valid classes, the sum over them of
/// e^(logit - L), the label's logit where the block has it, else 0}.
struct VocabularySums {
  int64_t rows, classes, blocks;
  Part logits;
  int64_t valid;
  template <class T>
  void operator()(const Context &context, const T *logits, const int32_t *labels,
                  double *sums) const;
};

/// loss (a scalar) = the sum over rows that count of log(sum of e^(logit - L)) + L - the
/// label's logit, over `count`.
struct CrossEntropyOfSums {
  int64_t rows, blocks, count;
  void operator()(const Context &context, const double *sums, const int32_t *labels,
                  float *loss) const;
};

/// dlogits = (e^(logit - L) / sum - [label]) / count [scale, a number in device memory], 0 for
/// padding and in rows that do not count. dlogits may be logits.
struct CrossEntropyOfSumsGrad {
  int64_t rows, classes, blocks;
  Part logits;
  int64_t valid, count;
  template <class T>
  void operator()(const Context &context, const T *logits, const int32_t *labels,
                  const double *sums, T *dlogits) const {
    (*this)(context, logits, labels, sums, nullptr, dlogits);
  }
  template <class T>
  void operator()(const Context &context, const T *logits, const int32_t *labels,
                  const double *sums, const float *scale, T *dlogits) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CROSSENTROPY_H
