// The norm of all gradients together, and what clipping by it multiplies them by.
#ifndef AUTOPAR_RUNTIME_CPU_NORM_H
#define AUTOPAR_RUNTIME_CPU_NORM_H

#include "autopar/core/Pointers.h"

#include <cstddef>
#include <cstdint>

namespace autopar::cpu {

/// sum (an f64 scalar) = the sum of x² over `count` elements, in double precision and in an
/// order that does not depend on the number of threads.
struct SquareSum {
  int64_t count;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const float *x, double *sum, void *workspace) const;
};

/// sum = the sum of f64 scalars, from the first to the last.
struct AddScalars {
  void operator()(Pointers<const double *> inputs, double *sum) const;
};

/// factor = min(1, maximum / (sqrt(squares) + 1e-6)), as torch.nn.utils.clip_grad_norm_ has it.
struct ClipFactor {
  double maximum;
  void operator()(const double *squares, float *factor) const;
};

/// factor = 1 / scale, which takes a loss's scale back; with `maximum` above 0 as much less as
/// ClipFactor has it of the unscaled gradients; 0 where squares is not finite.
struct UnscaleFactor {
  double maximum = 0;
  void operator()(const double *squares, const float *scale, float *factor) const;
};

/// After a step whose factor was 0, newScale = scale / 2, no good steps and one more skipped;
/// else one more good step, and after `interval` of them newScale = 2 scale, if that is finite,
/// and none. Nothing keeps the scale from vanishing: who runs the steps sees that it has.
/// Results may be the operands they replace.
struct NextLossScale {
  int64_t interval;
  void operator()(const float *scale, const float *goodSteps, const float *skippedSteps,
                  const float *factor, float *newScale, float *newGoodSteps,
                  float *newSkippedSteps) const;
};

/// taken = {state[0], steps}: the step's state with the optimizer's count of its steps;
/// newSteps is one more, unless the factor is 0, the step's that is skipped. It stays where f32
/// has no next number, at 2^24, when nothing depends on it any more. newSteps may be steps.
struct StepsTaken {
  void operator()(const int64_t *state, const float *steps, int64_t *taken,
                  float *newSteps) const;
  void operator()(const int64_t *state, const float *steps, const float *factor, int64_t *taken,
                  float *newSteps) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_NORM_H
