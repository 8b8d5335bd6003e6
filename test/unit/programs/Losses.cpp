// Loops over logits. See Losses.h.
#include "test/unit/programs/Losses.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <algorithm>
#include <cmath>

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
Tensor Vocabulary::sums(const Tensor &logits, const Tensor &labels) const {
  Tensor sums(Shape{labels.size(), 2});
  forEachValid(*this, logits, [&](int64_t row, int64_t i, int64_t k) {
    sums[2 * row] += std::exp(logits[i]);
    if (static_cast<double>(k) == labels[row])
      sums[2 * row + 1] = logits[i];
  });
  return sums;
}
Tensor Vocabulary::grad(const Tensor &logits, const Tensor &labels, const Tensor &sums,
                        double count, double scale) const {
  Tensor grad(logits.shape);
  forEachValid(*this, logits, [&](int64_t row, int64_t i, int64_t k) {
    if (labels[row] >= 0)
      grad[i] = scale *
                (std::exp(logits[i]) / sums[2 * row] -
                 (static_cast<double>(k) == labels[row] ? 1 : 0)) /
                count;
  });
  return grad;
}
Tensor lossOfSums(const Tensor &sums, const Tensor &labels, double count) {
  Tensor loss(Shape{});
  for (int64_t row = 0; row < labels.size(); ++row)
    if (labels[row] >= 0)
      loss[0] += (std::log(sums[2 * row]) - sums[2 * row + 1]) / count;
  return loss;
}

} // namespace autopar
