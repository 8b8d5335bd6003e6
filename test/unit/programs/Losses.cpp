// Loops over logits. See Losses.h.
#include "test/unit/programs/Losses.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace autopar {

/// Calls visit(offset, logarithm of its probability, target) for each logit of each row that
/// counts. Exponentials are relative to the row's largest, so that none overflows.
static void forEachLogit(const SoftmaxLoss &of, const Tensor &logits, const Tensor &labels,
                         llvm::function_ref<void(int64_t, double, double)> visit) {
  for (int64_t n = 0; n < labels.size(); ++n) {
    if (labels[n] < 0)
      continue;
    const double *row = &logits.values[n * of.classes];
    const double largest = *std::max_element(row, row + of.classes);
    double total = 0;
    for (int64_t k = 0; k < of.classes; ++k)
      total += std::exp(row[k] - largest);
    for (int64_t k = 0; k < of.classes; ++k)
      visit(n * of.classes + k, row[k] - largest - std::log(total),
            (static_cast<double>(k) == labels[n] ? 1 - of.smoothing : 0) +
                of.smoothing / static_cast<double>(of.classes));
  }
}
Tensor SoftmaxLoss::loss(const Tensor &logits, const Tensor &labels) const {
  Tensor loss(Shape{});
  forEachLogit(*this, logits, labels, [&](int64_t, double logarithm, double target) {
    loss[0] -= target * logarithm / count;
  });
  return loss;
}
Tensor SoftmaxLoss::grad(const Tensor &logits, const Tensor &labels, double scale) const {
  Tensor grad(logits.shape);
  forEachLogit(*this, logits, labels, [&](int64_t at, double logarithm, double target) {
    grad[at] = scale * (std::exp(logarithm) - target) / count;
  });
  return grad;
}

Tensor countKept(const Tensor &labels) {
  Tensor kept(Shape{});
  for (double label : labels.values)
    kept[0] += label >= 0;
  return kept;
}

Tensor countCorrect(const Tensor &logits, const Tensor &labels, int64_t classes) {
  Tensor correct(Shape{});
  for (int64_t n = 0; n < labels.size(); ++n) {
    auto row = logits.values.begin() + n * classes;
    correct[0] += static_cast<double>(std::max_element(row, row + classes) - row) == labels[n];
  }
  return correct;
}

/// Calls visit(row, offset, class in the whole vocabulary) for each valid logit.
static void forEachValid(const Vocabulary &of, const Tensor &logits,
                         llvm::function_ref<void(int64_t, int64_t, int64_t)> visit) {
  for (int64_t i = 0; i < logits.size(); ++i)
    if (int64_t k = of.first + i % of.classes; k < of.valid)
      visit(i / of.classes, i, k);
}
Tensor Vocabulary::sums(const Tensor &logits, const Tensor &labels, int64_t blocks) const {
  Tensor sums(Shape{labels.size(), blocks, 3});
  auto sumsAt = [&](int64_t row, int64_t i) {
    const int64_t block = i % classes / (classes / blocks);
    return &sums.values[3 * (row * blocks + block)];
  };
  for (int64_t i = 0; i < sums.size(); i += 3)
    sums[i] = std::numeric_limits<float>::lowest();
  forEachValid(*this, logits, [&](int64_t row, int64_t i, int64_t) {
    double &largest = sumsAt(row, i)[0];
    largest = std::max(largest, logits[i]);
  });
  forEachValid(*this, logits, [&](int64_t row, int64_t i, int64_t k) {
    double *of = sumsAt(row, i);
    of[1] += std::exp(logits[i] - of[0]);
    if (static_cast<double>(k) == labels[row])
      of[2] = logits[i];
  });
  return sums;
}

namespace {
/// What a row's blocks come to together.
struct RowSums {
  double largest, exponentials = 0, ofLabel = 0;

  RowSums(const Tensor &sums, int64_t rows, int64_t row) {
    const int64_t numbers = sums.size() / rows; // of a row
    const double *first = &sums.values[row * numbers];
    largest = *first;
    for (const double *block = first; block != first + numbers; block += 3)
      largest = std::max(largest, *block);
    for (const double *block = first; block != first + numbers; block += 3) {
      exponentials += block[1] * std::exp(block[0] - largest);
      ofLabel += block[2];
    }
  }
};
} // namespace

Tensor Vocabulary::grad(const Tensor &logits, const Tensor &labels, const Tensor &sums,
                        double count, double scale) const {
  Tensor grad(logits.shape);
  forEachValid(*this, logits, [&](int64_t row, int64_t i, int64_t k) {
    if (labels[row] < 0)
      return;
    const RowSums of(sums, labels.size(), row);
    const double target = static_cast<double>(k) == labels[row] ? 1 : 0;
    grad[i] = scale * (std::exp(logits[i] - of.largest) / of.exponentials - target) / count;
  });
  return grad;
}
Tensor lossOfSums(const Tensor &sums, const Tensor &labels, double count) {
  Tensor loss(Shape{});
  for (int64_t row = 0; row < labels.size(); ++row) {
    if (labels[row] < 0)
      continue;
    const RowSums of(sums, labels.size(), row);
    loss[0] += (std::log(of.exponentials) + of.largest - of.ofLabel) / count;
  }
  return loss;
}

} // namespace autopar
