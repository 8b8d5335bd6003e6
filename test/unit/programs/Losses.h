// Losses of logits, and their gradients. A row with a negative label counts for nothing.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_LOSSES_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_LOSSES_H

#include "test/unit/programs/Tensor.h"

namespace autopar {

/// Of logits [rows, classes], divided by `count`.
struct SoftmaxLoss {
  int64_t classes;
  double count, smoothing;

  Tensor loss(const Tensor &logits, const Tensor &labels) const;
  /// Of `scale` times the loss.
  Tensor grad(const Tensor &logits, const Tensor &labels, double scale) const;
};

/// [1]: labels that are not negative.
Tensor countKept(const Tensor &labels);

/// [1]: rows whose largest logit is the label's.
Tensor countCorrect(const Tensor &logits, const Tensor &labels, int64_t classes);

/// A vocabulary's classes `first` … `first` + `classes` - 1, of which those below `valid`
/// count.
struct Vocabulary {
  int64_t classes, first, valid;

  /// [rows, blocks, 3] of as many equal blocks of the classes: the largest logit, the sum of the
  /// exponentials of logits less that, and the label's logit where it is among them.
  Tensor sums(const Tensor &logits, const Tensor &labels, int64_t blocks) const;
  /// Of `scale` times the loss of such sums over all classes.
  Tensor grad(const Tensor &logits, const Tensor &labels, const Tensor &sums, double count,
              double scale) const;
};
Tensor lossOfSums(const Tensor &sums, const Tensor &labels, double count);

} // namespace autopar

#endif
