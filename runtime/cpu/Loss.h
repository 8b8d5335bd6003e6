// The end of a classifier: softmax cross-entropy, its gradient, and how many answers were
// right.
#ifndef AUTOPAR_RUNTIME_CPU_LOSS_H
#define AUTOPAR_RUNTIME_CPU_LOSS_H

#include <cstddef>
#include <cstdint>

namespace autopar::cpu {

// logits: [batch, classes]; labels: i32 [batch]. A row with a negative label is padding and
// counts for nothing.

/// loss (a scalar) = the sum over this rank's rows of the cross-entropy between softmax(logits)
/// and the target, divided by `count`, the size of the whole batch; ranks add theirs. The
/// target is (1 - labelSmoothing) on the label plus labelSmoothing / classes on every class, as
/// in PyTorch. Rows left out do not lessen `count`. \throws std::out_of_range for a label that
/// is no class (so does the gradient).
struct SoftmaxCrossEntropy {
  int64_t batch, classes, count;
  double labelSmoothing = 0;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const float *logits, const int32_t *labels, float *loss,
                  void *workspace) const;
};

/// dlogits = (softmax(logits) - target) / count [scale], the latter one number. dlogits may be
/// logits.
struct SoftmaxCrossEntropyGrad {
  int64_t batch, classes, count;
  double labelSmoothing = 0;
  void operator()(const float *logits, const int32_t *labels, float *dlogits) const;
  void operator()(const float *logits, const int32_t *labels, const float *scale,
                  float *dlogits) const;
};

/// kept (a scalar) = the number of labels that are not negative; ranks add theirs.
struct CountKept {
  int64_t count;
  void operator()(const int32_t *labels, float *kept) const;
};

/// correct (a scalar) = the number of rows whose largest logit is the label's; of equal ones
/// the first counts as the largest.
struct CountCorrect {
  int64_t batch, classes;
  void operator()(const float *logits, const int32_t *labels, float *correct) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_LOSS_H
