// The end of a classifier: see runtime/cpu/Loss.h for what each computes. T is float, bf16 or
// f16; losses and counts are f32. A label that is no class is told when the host next waits
// (see Faults.h), and its row counts for nothing.
#ifndef AUTOPAR_RUNTIME_CUDA_LOSS_H
#define AUTOPAR_RUNTIME_CUDA_LOSS_H

#include "autopar/cuda/Elements.h"

#include <cstddef>
#include <cstdint>

namespace autopar::cuda {

class Context;

// logits: [batch, classes]; labels: i32 [batch]. A row with a negative label is padding.

/// loss (a scalar) = the sum over this rank's rows of the cross-entropy, over `count`.
struct SoftmaxCrossEntropy {
  int64_t batch, classes, count;
  double labelSmoothing = 0;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  template <class T>
  void operator()(const Context &context, const T *logits, const int32_t *labels, float *loss,
                  void *workspace) const;
};

/// dlogits = (softmax(logits) - target) / count [scale, a number in device memory]. dlogits may
/// be logits.
struct SoftmaxCrossEntropyGrad {
  int64_t batch, classes, count;
  double labelSmoothing = 0;
  template <class T>
  void operator()(const Context &context, const T *logits, const int32_t *labels,
                  T *dlogits) const {
    (*this)(context, logits, labels, nullptr, dlogits);
  }
  template <class T>
  void operator()(const Context &context, const T *logits, const int32_t *labels,
                  const float *scale, T *dlogits) const;
};

/// kept (a scalar) = the number of labels that are not negative.
struct CountKept {
  int64_t count;
  void operator()(const Context &context, const int32_t *labels, float *kept) const;
};

/// correct (a scalar) = the number of rows whose largest logit is the label's.
struct CountCorrect {
  int64_t batch, classes;
  template <class T>
  void operator()(const Context &context, const T *logits, const int32_t *labels,
                  float *correct) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_LOSS_H
