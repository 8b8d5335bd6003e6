// The loss of a language model whose vocabulary may be split: ranks exchange three numbers a
// row and block of it, and nobody needs the logits of another, or the probabilities in memory.
#ifndef AUTOPAR_RUNTIME_CPU_CROSSENTROPY_H
#define AUTOPAR_RUNTIME_CPU_CROSSENTROPY_H

#include "autopar/core/Part.h"

namespace autopar::cpu {

// logits: [rows, classes], the block `logits` of a whole tensor [..., vocabulary], whose last
// dimension begins at this rank's first class. Classes from `valid` on, counted over the whole
// vocabulary, are padding. labels: i32 [rows], of the whole vocabulary; a row with a negative
// label counts for nothing. sums: f64 [rows, blocks, 3], of a rank's blocks or of all: equal
// parts of the vocabulary, in order. Everything is relative to a block's largest logit, or to
// a row's, so that no exponential overflows.

/// sums[r][b] = {the largest logit L of the block's valid classes, the sum over them of
/// e^(logit - L), the label's logit where the block has it, else 0}; {the least float, 0, 0}
/// where it has no valid class. Reads the logits once. \throws std::out_of_range for a label
/// that is no valid class.
struct VocabularySums {
  int64_t rows, classes, blocks;
  Part logits;
  int64_t valid;
  void operator()(const float *logits, const int32_t *labels, double *sums) const;
};

/// loss (a scalar) = the sum over rows that count of log(sum of e^(logit - L)) + L - the
/// label's logit, L being the row's largest one, divided by `count`, the rows of the whole
/// batch.
struct CrossEntropyOfSums {
  int64_t rows, blocks, count;
  void operator()(const double *sums, const int32_t *labels, float *loss) const;
};

/// dlogits = (e^(logit - L) / sum - [label]) / count [scale], from the sums of all ranks; 0 for
/// padding and in rows that do not count. scale is one number. dlogits may be logits.
struct CrossEntropyOfSumsGrad {
  int64_t rows, classes, blocks;
  Part logits;
  int64_t valid, count;
  void operator()(const float *logits, const int32_t *labels, const double *sums,
                  float *dlogits) const;
  void operator()(const float *logits, const int32_t *labels, const double *sums,
                  const float *scale, float *dlogits) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_CROSSENTROPY_H
