// See Norm.h.
#include "autopar/cuda/Norm.h"

#include "autopar/cuda/ScalarSum.cuh"
#include "autopar/cuda/SquareBlocks.h"
#include "autopar/cuda/TensorTable.cuh"

using namespace autopar::cuda;

namespace {

/// The sum of the squares of x[begin, end) that a block's threads share out, in every thread.
__device__ double squareSum(const float *x, int64_t begin, int64_t end, int64_t stride) {
  double sum = 0;
#pragma unroll 4
  for (int64_t i = begin; i < end; i += stride)
    sum += static_cast<double>(x[i]) * x[i];
  return blockSum(sum);
}

__global__ void __launch_bounds__(blockThreads)
    squareSumKernel(int64_t count, const float *x, double *partial) {
  const double sum = squareSum(x, firstIndex(), count, indexStride());
  if (threadIdx.x == 0)
    partial[blockIdx.x] = sum;
}

struct Squares {
  int64_t count;
  const float *x;
  double *partial; ///< one for each run
};

struct SquaresBody {
  static constexpr int64_t blockElements = squareRun;

  __device__ void operator()(const Squares &squares, int64_t begin, int64_t end) const {
    const double sum = squareSum(squares.x, begin + threadIdx.x, end, blockThreads);
    if (threadIdx.x == 0)
      squares.partial[begin / blockElements] = sum;
  }
};

/// Scalars that one launch adds to what is there; their places travel in its arguments.
struct Scalars {
  static constexpr int most = 256;
  const double *places[most];
  int count = 0;
};

__global__ void addScalarsKernel(const __grid_constant__ Scalars scalars, bool first,
                                 double *sum) {
  double total = first ? 0 : *sum;
  for (int i = 0; i < scalars.count; ++i)
    total += *scalars.places[i];
  *sum = total;
}

/// What a norm of sqrt(squares) is multiplied by to be at most `maximum`. Of a sum that is not
/// finite a NaN, to be noticed: 0 would skip the step.
__device__ double clipped(double squares, double maximum) {
  return isfinite(squares) ? fmin(1.0, maximum / (sqrt(squares) + 1e-6)) : nan("");
}

__global__ void clipFactorKernel(double maximum, const double *squares, float *factor) {
  *factor = static_cast<float>(clipped(*squares, maximum));
}

__global__ void unscaleFactorKernel(double maximum, const double *squares, const float *scale,
                                    float *factor) {
  const double inverse = 1 / static_cast<double>(*scale);
  const double clip = maximum > 0 ? clipped(*squares * inverse * inverse, maximum) : 1;
  *factor = isfinite(*squares) ? static_cast<float>(clip * inverse) : 0;
}

__global__ void nextLossScaleKernel(int64_t interval, const float *scale,
                                    const float *goodSteps, const float *skippedSteps,
                                    const float *factor, float *newScale, float *newGoodSteps,
                                    float *newSkippedSteps) {
  const float old = *scale;
  const bool isGood = *factor != 0, grows = isGood && *goodSteps + 1 >= interval;
  const float next = isGood ? (grows ? 2 * old : old) : old / 2;
  *newGoodSteps = isGood && !grows ? *goodSteps + 1 : 0;
  *newSkippedSteps = *skippedSteps + !isGood;
  *newScale = isfinite(next) ? next : old;
}

__global__ void stepsTakenKernel(const int64_t *state, const float *steps, const float *factor,
                                 int64_t *taken, float *newSteps) {
  const float before = *steps;
  taken[0] = state[0];
  taken[1] = static_cast<int64_t>(before);
  *newSteps = before + (!factor || *factor != 0);
}

} // namespace

void SquareSum::operator()(const Context &context, const float *x, double *sum,
                           void *workspace) const {
  double *const partial = static_cast<double *>(workspace);
  const int64_t blocks = squareBlocks(count);
  launch(squareSumKernel, blocks, blockThreads, 0, context.compute, count, x, partial);
  checkLaunch();
  scalarSum(context, partial, blocks, [sum] __device__(double total) { *sum = total; });
}

void SquareSumAll::operator()(const Context &context, double *sum, void *workspace) const {
  double *const partial = static_cast<double *>(workspace);
  int64_t partials = 0;
  std::vector<Squares> squares;
  for (const Tensor &tensor : tensors) {
    squares.push_back({tensor.count, tensor.x, partial + partials});
    partials += squareRuns(tensor.count);
  }
  forEachTensor(context, std::span<const Squares>(squares), SquaresBody{});
  scalarSum(context, partial, partials, [sum] __device__(double total) { *sum = total; });
}

void AddScalars::operator()(const Context &context,
                            Pointers<const double *> inputs, double *sum) const {
  const double *const *next = inputs.begin();
  do {
    Scalars scalars;
    while (next != inputs.end() && scalars.count < Scalars::most)
      scalars.places[scalars.count++] = *next++;
    const bool first = next - scalars.count == inputs.begin();
    launch(addScalarsKernel, 1, 1, 0, context.compute, scalars, first, sum);
    checkLaunch();
  } while (next != inputs.end());
}

void ClipFactor::operator()(const Context &context, const double *squares,
                            float *factor) const {
  launch(clipFactorKernel, 1, 1, 0, context.compute, maximum, squares, factor);
  checkLaunch();
}

void UnscaleFactor::operator()(const Context &context, const double *squares,
                               const float *scale, float *factor) const {
  launch(unscaleFactorKernel, 1, 1, 0, context.compute, maximum, squares, scale, factor);
  checkLaunch();
}

void NextLossScale::operator()(const Context &context, const float *scale,
                               const float *goodSteps, const float *skippedSteps,
                               const float *factor, float *newScale, float *newGoodSteps,
                               float *newSkippedSteps) const {
  launch(nextLossScaleKernel, 1, 1, 0, context.compute, interval, scale, goodSteps,
         skippedSteps, factor, newScale, newGoodSteps, newSkippedSteps);
  checkLaunch();
}

void StepsTaken::operator()(const Context &context, const int64_t *state, const float *steps,
                            const float *factor, int64_t *taken, float *newSteps) const {
  launch(stepsTakenKernel, 1, 1, 0, context.compute, state, steps, factor, taken, newSteps);
  checkLaunch();
}
