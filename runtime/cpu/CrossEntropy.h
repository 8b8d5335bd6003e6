// The loss of a language model whose vocabulary may be split: ranks exchange two numbers a
// row, and nobody needs the logits of another, or the probabilities in memory.
#ifndef AUTOPAR_RUNTIME_CPU_CROSSENTROPY_H
#define AUTOPAR_RUNTIME_CPU_CROSSENTROPY_H

#include "autopar/core/Part.h"

namespace autopar::cpu {

// logits: [rows, classes], the block `logits` of a whole tensor [..., vocabulary], whose last
// dimension begins at this rank's first class. Classes from `valid` on, counted over the whole
// vocabulary, are padding. labels: i32 [rows], of the whole vocabulary; a row with a negative
// label counts for nothing. sums: f64 [rows, 2].

/// sums[r] = {the sum over this rank's valid classes of e^logit, the label's logit where this
/// rank has it, else 0}; ranks add theirs. Exponentials are taken as they are, in double
/// precision: above 700 they are infinite, and so is the loss. \throws std::out_of_range for a
/// label that is no valid class.
struct VocabularySums {
  int64_t rows, classes;
  Part logits;
  int64_t valid;
  void operator()(const float *logits, const int32_t *labels, double *sums) const;
};

/// loss (a scalar) = the sum over rows that count of log(sums[r][0]) - sums[r][1], divided by
/// `count`, the rows of the whole batch.
struct CrossEntropyOfSums {
  int64_t rows, count;
  void operator()(const double *sums, const int32_t *labels, float *loss) const;
};

/// dlogits = (e^logit / sums[r][0] - [label]) / count [scale], from the sums over all ranks; 0
/// for padding and in rows that do not count. scale is one number. dlogits may be logits.
struct CrossEntropyOfSumsGrad {
  int64_t rows, classes;
  Part logits;
  int64_t valid, count;
  void operator()(const float *logits, const int32_t *labels, const double *sums,
                  float *dlogits) const;
  void operator()(const float *logits, const int32_t *labels, const double *sums,
                  const float *scale, float *dlogits) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_CROSSENTROPY_H
