// See CrossEntropy.h.
#include "autopar/cpu/CrossEntropy.h"

#include "autopar/cpu/Exponential.h"
#include "autopar/cpu/Rows.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cpu;

namespace {

/// This rank's classes: the first, and how many of them are no padding.
struct Classes {
  int64_t first, valid;

  Classes(const Part &logits, int64_t classes, int64_t validOfAll)
      : first(logits.begin[logits.begin.size() - 1]),
        valid(std::clamp<int64_t>(validOfAll - first, 0, classes)) {}

  /// The label as a number of this rank's, or -1 when it has not that class.
  int64_t own(int32_t label) const {
    return label >= first && label < first + valid ? label - first : -1;
  }
};

} // namespace

static void checkLabels(const int32_t *labels, int64_t rows, int64_t valid) {
  for (int64_t r = 0; r < rows; ++r)
    if (labels[r] >= valid)
      throw std::out_of_range("VocabularySums: label " + std::to_string(labels[r]) +
                              " of row " + std::to_string(r) + " is none of a vocabulary of " +
                              std::to_string(valid) +
                              "; give data that was made with this vocabulary");
}

void VocabularySums::operator()(const float *logits, const int32_t *labels,
                                double *sums) const {
  checkLabels(labels, rows, valid);
  const Classes mine(this->logits, classes, valid);
#pragma omp parallel for schedule(static) if (rows * classes > serialElements)
  for (int64_t r = 0; r < rows; ++r) {
    const float *const row = logits + r * classes;
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t k = 0; k < mine.valid; ++k)
      sum += wideExpOf(row[k]);
    const int64_t label = mine.own(labels[r]);
    sums[2 * r] = sum;
    sums[2 * r + 1] = label < 0 ? 0 : row[label];
  }
}

void CrossEntropyOfSums::operator()(const double *sums, const int32_t *labels,
                                    float *loss) const {
  double total = 0;
  for (int64_t r = 0; r < rows; ++r)
    if (labels[r] >= 0)
      total += std::log(sums[2 * r]) - sums[2 * r + 1];
  *loss = static_cast<float>(total / static_cast<double>(count));
}

void CrossEntropyOfSumsGrad::operator()(const float *logits, const int32_t *labels,
                                        const double *sums, float *dlogits) const {
  constexpr float asItIs = 1;
  (*this)(logits, labels, sums, &asItIs, dlogits);
}

void CrossEntropyOfSumsGrad::operator()(const float *logits, const int32_t *labels,
                                        const double *sums, const float *scale,
                                        float *dlogits) const {
  const Classes mine(this->logits, classes, valid);
  const float share = static_cast<float>(*scale / static_cast<double>(count));
#pragma omp parallel for schedule(static) if (rows * classes > serialElements)
  for (int64_t r = 0; r < rows; ++r) {
    const float *const row = logits + r * classes;
    float *const grad = dlogits + r * classes;
    if (labels[r] < 0) {
      std::fill_n(grad, classes, 0.0f);
      continue;
    }
    // log(sum) in two parts: what is near the first, and so counts, loses no digits.
    const double logSum = std::log(sums[2 * r]);
    const float high = static_cast<float>(logSum);
    const float low = static_cast<float>(logSum - high);
#pragma omp simd
    for (int64_t k = 0; k < mine.valid; ++k)
      grad[k] = expOf((row[k] - high) - low) * share;
    std::fill(grad + mine.valid, grad + classes, 0.0f);
    if (const int64_t label = mine.own(labels[r]); label >= 0)
      grad[label] -= share;
  }
}
