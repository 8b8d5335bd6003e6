// See CrossEntropy.h.
#include "autopar/cpu/CrossEntropy.h"

#include "autopar/cpu/Exponential.h"
#include "autopar/cpu/Rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
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

/// What a row, or a block of it, comes to.
struct Sums {
  double largest = std::numeric_limits<float>::lowest();
  double exponentials = 0; ///< of what is relative to the largest
  double ofLabel = 0;

  /// Those of both together.
  void add(const Sums &other) {
    const double top = std::max(largest, other.largest);
    exponentials = exponentials * std::exp(largest - top) +
                   other.exponentials * std::exp(other.largest - top);
    largest = top;
    ofLabel += other.ofLabel;
  }

  static Sums ofRow(const double *sums, int64_t blocks) {
    Sums all;
    for (const double *block = sums; block != sums + 3 * blocks; block += 3)
      all.add({block[0], block[1], block[2]});
    return all;
  }
  void store(double *to) const {
    to[0] = largest;
    to[1] = exponentials;
    to[2] = ofLabel;
  }
};

/// Of logits that stay in the nearest cache between the two loops.
Sums sumsOf(const float *logits, int64_t count) {
  float top = std::numeric_limits<float>::lowest();
#pragma omp simd reduction(max : top)
  for (int64_t k = 0; k < count; ++k)
    top = logits[k] > top ? logits[k] : top;
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t k = 0; k < count; ++k)
    sum += expOf(logits[k] - top);
  return {top, sum, 0};
}

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
  constexpr int64_t run = 2048;
  const int64_t width = classes / blocks;
#pragma omp parallel for schedule(static) if (rows * classes > serialElements)
  for (int64_t r = 0; r < rows; ++r) {
    const float *const row = logits + r * classes;
    const int64_t label = mine.own(labels[r]);
    for (int64_t b = 0; b < blocks; ++b) {
      const int64_t end = std::min((b + 1) * width, mine.valid);
      Sums ofBlock;
      for (int64_t k = b * width; k < end; k += run)
        ofBlock.add(sumsOf(row + k, std::min(run, end - k)));
      if (label >= 0 && label / width == b)
        ofBlock.ofLabel = row[label];
      ofBlock.store(sums + 3 * (r * blocks + b));
    }
  }
}

void CrossEntropyOfSums::operator()(const double *sums, const int32_t *labels,
                                    float *loss) const {
  double total = 0;
  for (int64_t r = 0; r < rows; ++r) {
    if (labels[r] < 0)
      continue;
    const Sums ofRow = Sums::ofRow(sums + 3 * r * blocks, blocks);
    total += std::log(ofRow.exponentials) + (ofRow.largest - ofRow.ofLabel);
  }
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
  const double share = *scale / static_cast<double>(count);
#pragma omp parallel for schedule(static) if (rows * classes > serialElements)
  for (int64_t r = 0; r < rows; ++r) {
    const float *const row = logits + r * classes;
    float *const grad = dlogits + r * classes;
    if (labels[r] < 0) {
      std::fill_n(grad, classes, 0.0f);
      continue;
    }
    const Sums ofRow = Sums::ofRow(sums + 3 * r * blocks, blocks);
    const float top = static_cast<float>(ofRow.largest);
    const float ofSoftmax = static_cast<float>(share / ofRow.exponentials);
#pragma omp simd
    for (int64_t k = 0; k < mine.valid; ++k)
      grad[k] = expOf(row[k] - top) * ofSoftmax;
    std::fill(grad + mine.valid, grad + classes, 0.0f);
    if (const int64_t label = mine.own(labels[r]); label >= 0)
      grad[label] -= static_cast<float>(share);
  }
}
