// What softmax and attention do to a row of scores, relative to its largest, so that no
// exponential overflows.
#ifndef AUTOPAR_RUNTIME_CPU_SOFTMAXROW_H
#define AUTOPAR_RUNTIME_CPU_SOFTMAXROW_H

#include "autopar/cpu/Exponential.h"

namespace autopar::cpu {

struct RowSum {
  float top;  ///< the largest of scale x
  double sum; ///< of e^(scale x - top)
};

/// y[c] = e^(scale x[c] - top) for `count` >= 1 columns; y may be x. `scale` is positive.
inline RowSum exponentials(const float *x, float *y, int64_t count, float scale) {
  float largest = x[0];
#pragma omp simd reduction(max : largest)
  for (int64_t c = 1; c < count; ++c)
    largest = x[c] > largest ? x[c] : largest;
  const float top = scale * largest;
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t c = 0; c < count; ++c) {
    y[c] = expOf(scale * x[c] - top);
    sum += y[c];
  }
  return {top, sum};
}

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_SOFTMAXROW_H
