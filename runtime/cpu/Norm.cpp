// See Norm.h.
#include "autopar/cpu/Norm.h"

#include "autopar/cpu/Rows.h"
#include "autopar/cpu/Workspace.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace autopar::cpu;

namespace {

/// Elements in blocks that depend on their number alone.
struct Blocks {
  static constexpr int64_t mostBlocks = 256;
  int64_t size, number;

  explicit Blocks(int64_t count)
      : size(std::max(serialElements, divideUp(count, mostBlocks))),
        number(divideUp(count, size)) {}
};

} // namespace

size_t SquareSum::workspaceBytes() const {
  return alignUp(Blocks(count).number * sizeof(double));
}

void SquareSum::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("SquareSum", workspaceBytes(), planned);
}

void SquareSum::operator()(const float *x, double *sum, void *workspace) const {
  const Blocks blocks(count);
  const int64_t size = blocks.size, number = blocks.number; // clang's OpenMP takes no bindings
  double *const partial = static_cast<double *>(workspace); // [number]
#pragma omp parallel for schedule(static) if (number > 1)
  for (int64_t block = 0; block < number; ++block) {
    const int64_t end = std::min(count, (block + 1) * size);
    double squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int64_t i = block * size; i < end; ++i)
      squares += static_cast<double>(x[i]) * x[i];
    partial[block] = squares;
  }
  double total = 0;
  for (int64_t block = 0; block < number; ++block)
    total += partial[block];
  *sum = total;
}

void AddScalars::operator()(Pointers<const double *> inputs, double *sum) const {
  double total = 0;
  for (const double *input : inputs)
    total += *input;
  *sum = total;
}

/// What a norm of sqrt(squares) is multiplied by to be at most `maximum`. Of a sum that is not
/// finite a NaN, to be noticed: 0 would skip the step.
static double clipped(double squares, double maximum) {
  constexpr double least = 1e-6; // PyTorch's, so that no gradients at all are no division by 0
  if (!std::isfinite(squares))
    return std::numeric_limits<double>::quiet_NaN();
  return std::min(1.0, maximum / (std::sqrt(squares) + least));
}

void ClipFactor::operator()(const double *squares, float *factor) const {
  *factor = static_cast<float>(clipped(*squares, maximum));
}

void UnscaleFactor::operator()(const double *squares, const float *scale, float *factor) const {
  const double inverse = 1 / static_cast<double>(*scale);
  const double clip = maximum > 0 ? clipped(*squares * inverse * inverse, maximum) : 1;
  *factor = std::isfinite(*squares) ? static_cast<float>(clip * inverse) : 0;
}

void NextLossScale::operator()(const float *scale, const float *goodSteps,
                               const float *skippedSteps, const float *factor, float *newScale,
                               float *newGoodSteps, float *newSkippedSteps) const {
  const bool isGood = *factor != 0, grows = isGood && *goodSteps + 1 >= interval;
  const float next = isGood ? (grows ? 2 * *scale : *scale) : *scale / 2;
  *newGoodSteps = isGood && !grows ? *goodSteps + 1 : 0;
  *newSkippedSteps = *skippedSteps + !isGood;
  *newScale = std::isfinite(next) ? next : *scale;
}

void StepsTaken::operator()(const int64_t *state, const float *steps, int64_t *taken,
                            float *newSteps) const {
  constexpr float none = 1;
  (*this)(state, steps, &none, taken, newSteps);
}

void StepsTaken::operator()(const int64_t *state, const float *steps, const float *factor,
                            int64_t *taken, float *newSteps) const {
  taken[0] = state[0];
  taken[1] = static_cast<int64_t>(*steps);
  *newSteps = *steps + (*factor != 0);
}
