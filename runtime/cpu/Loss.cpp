// See Loss.h. Everything is relative to a row's largest logit, so that no exponential
// overflows.
#include "autopar/cpu/Loss.h"

#include "autopar/cpu/Exponential.h"
#include "autopar/cpu/Rows.h"
#include "autopar/cpu/Workspace.h"

#include <cmath>
#include <stdexcept>
#include <string>

using namespace autopar::cpu;

static float largest(const float *row, int64_t classes) {
  float value = row[0];
#pragma omp simd reduction(max : value)
  for (int64_t k = 1; k < classes; ++k)
    value = row[k] > value ? row[k] : value;
  return value;
}

static void checkLabels(const char *call, const int32_t *labels, int64_t batch,
                        int64_t classes) {
  for (int64_t n = 0; n < batch; ++n)
    if (labels[n] >= classes)
      throw std::out_of_range(std::string(call) + ": label " + std::to_string(labels[n]) +
                              " of row " + std::to_string(n) + " is none of " +
                              std::to_string(classes) +
                              " classes; give data with labels below that");
}

size_t SoftmaxCrossEntropy::workspaceBytes() const { return alignUp(batch * sizeof(double)); }

void SoftmaxCrossEntropy::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("SoftmaxCrossEntropy", workspaceBytes(), planned);
}

void SoftmaxCrossEntropy::operator()(const float *logits, const int32_t *labels, float *loss,
                                     void *workspace) const {
  checkLabels("SoftmaxCrossEntropy", labels, batch, classes);
  double *const losses = static_cast<double *>(workspace); // [batch]
#pragma omp parallel for if (batch * classes > serialElements)
  for (int64_t n = 0; n < batch; ++n) {
    losses[n] = 0;
    if (labels[n] < 0)
      continue;
    const float *const row = logits + n * classes;
    const float top = largest(row, classes);
    double exponentials = 0, differences = 0;
#pragma omp simd reduction(+ : exponentials, differences)
    for (int64_t k = 0; k < classes; ++k) {
      exponentials += expOf(row[k] - top);
      differences += row[k] - top;
    }
    losses[n] = std::log(exponentials) -
                (1 - labelSmoothing) * (static_cast<double>(row[labels[n]]) - top);
    if (labelSmoothing != 0) // An infinite difference times 0 would be a NaN.
      losses[n] -= labelSmoothing / classes * differences;
  }
  double sum = 0;
  for (int64_t n = 0; n < batch; ++n)
    sum += losses[n];
  *loss = static_cast<float>(sum / count);
}

void SoftmaxCrossEntropyGrad::operator()(const float *logits, const int32_t *labels,
                                         float *dlogits) const {
  constexpr float asItIs = 1;
  (*this)(logits, labels, &asItIs, dlogits);
}

void SoftmaxCrossEntropyGrad::operator()(const float *logits, const int32_t *labels,
                                         const float *scale, float *dlogits) const {
  checkLabels("SoftmaxCrossEntropyGrad", labels, batch, classes);
  const double share = static_cast<double>(*scale) / static_cast<double>(count);
#pragma omp parallel for if (batch * classes > serialElements)
  for (int64_t n = 0; n < batch; ++n) {
    const float *const row = logits + n * classes;
    float *const grad = dlogits + n * classes;
    if (labels[n] < 0) {
      std::fill_n(grad, classes, 0.0f);
      continue;
    }
    const float top = largest(row, classes);
    double exponentials = 0;
#pragma omp simd reduction(+ : exponentials)
    for (int64_t k = 0; k < classes; ++k) {
      grad[k] = expOf(row[k] - top);
      exponentials += grad[k];
    }
    const float ofSoftmax = static_cast<float>(share / exponentials);
    const float elsewhere = static_cast<float>(labelSmoothing / classes * share);
#pragma omp simd
    for (int64_t k = 0; k < classes; ++k)
      grad[k] = grad[k] * ofSoftmax - elsewhere;
    grad[labels[n]] -= static_cast<float>((1 - labelSmoothing) * share);
  }
}

void CountKept::operator()(const int32_t *labels, float *kept) const {
  int64_t sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; ++i)
    sum += labels[i] >= 0;
  *kept = static_cast<float>(sum);
}

void CountCorrect::operator()(const float *logits, const int32_t *labels,
                              float *correct) const {
  int64_t sum = 0;
#pragma omp parallel for reduction(+ : sum) if (batch * classes > serialElements)
  for (int64_t n = 0; n < batch; ++n) {
    const int32_t label = labels[n];
    if (label < 0 || label >= classes)
      continue;
    const float *const row = logits + n * classes;
    int betterOrEarlier = 0;
#pragma omp simd reduction(+ : betterOrEarlier)
    for (int64_t k = 0; k < classes; ++k)
      betterOrEarlier += !(row[k] < row[label] || (row[k] == row[label] && k >= label));
    sum += betterOrEarlier == 0;
  }
  *correct = static_cast<float>(sum);
}
