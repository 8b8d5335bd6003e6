// The norm of all gradients together, and what clipping by it multiplies them by: see
// runtime/cpu/Norm.h.
#ifndef AUTOPAR_RUNTIME_CUDA_NORM_H
#define AUTOPAR_RUNTIME_CUDA_NORM_H

#include "autopar/core/Pointers.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace autopar::cuda {

class Context;

/// sum (an f64 scalar) = the sum of x² over `count` elements, in double precision and in an
/// order that follows from the count.
struct SquareSum {
  int64_t count;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const Context &context, const float *x, double *sum, void *workspace) const;
};

/// sum = the sum of x² over many tensors, in one launch for each 256 of them: in double
/// precision and in an order that follows from the counts.
struct SquareSumAll {
  struct Tensor {
    int64_t count;
    const float *x;
  };

  std::vector<Tensor> tensors;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const Context &context, double *sum, void *workspace) const;
};

/// sum = the sum of f64 scalars, from the first to the last.
struct AddScalars {
  void operator()(const Context &context, Pointers<const double *> inputs,
                  double *sum) const;
};

/// factor = min(1, maximum / (sqrt(squares) + 1e-6)), as torch.nn.utils.clip_grad_norm_ has it.
struct ClipFactor {
  double maximum;
  void operator()(const Context &context, const double *squares, float *factor) const;
};

/// factor = 1 / scale, less where it clips, 0 where squares is not finite.
struct UnscaleFactor {
  double maximum = 0;
  void operator()(const Context &context, const double *squares, const float *scale,
                  float *factor) const;
};

/// The loss scale after a step. Results may be the operands they replace.
struct NextLossScale {
  int64_t interval;
  void operator()(const Context &context, const float *scale, const float *goodSteps,
                  const float *skippedSteps, const float *factor, float *newScale,
                  float *newGoodSteps, float *newSkippedSteps) const;
};

/// The state with the optimizer's count of its steps, and the next count. newSteps may be steps.
struct StepsTaken {
  void operator()(const Context &context, const int64_t *state, const float *steps,
                  int64_t *taken, float *newSteps) const {
    (*this)(context, state, steps, nullptr, taken, newSteps);
  }
  void operator()(const Context &context, const int64_t *state, const float *steps,
                  const float *factor, int64_t *taken, float *newSteps) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_NORM_H
