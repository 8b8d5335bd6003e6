// What optimizers share: one launch updates many parameters.
#ifndef AUTOPAR_RUNTIME_CUDA_UPDATE_CUH
#define AUTOPAR_RUNTIME_CUDA_UPDATE_CUH

#include "autopar/cuda/TensorTable.cuh"

namespace autopar::cuda {

/// One parameter, its gradient and the optimizer's `Slots` tensors beside it: [count] each.
/// Results may be the operands they replace.
template <int Slots> struct Update {
  int64_t count;
  float weightDecay;
  const float *parameter, *gradient;
  const float *slots[Slots];
  float *newParameter;
  float *newSlots[Slots];
};

/// `rule` in the kernel becomes rule.step(), which reads what changes from step to step, and
/// that updates each element: newParameter = step(parameter, gradient, weightDecay, slots).
template <int Slots, class Rule> struct UpdateBody {
  /// Few enough that small tensors waste little.
  static constexpr int64_t blockElements = 4 * blockThreads;
  Rule rule;

  __device__ void operator()(const Update<Slots> &update, int64_t begin, int64_t end) const {
    __shared__ decltype(rule.step()) step; // What is the same for all elements, computed once.
    if (threadIdx.x == 0)
      step = rule.step();
    __syncthreads();
#pragma unroll 4
    for (int64_t i = begin + threadIdx.x; i < end; i += blockThreads) {
      float slots[Slots];
#pragma unroll
      for (int s = 0; s < Slots; ++s)
        slots[s] = update.slots[s][i];
      update.newParameter[i] =
          step(update.parameter[i], update.gradient[i], update.weightDecay, slots);
#pragma unroll
      for (int s = 0; s < Slots; ++s)
        update.newSlots[s][i] = slots[s];
    }
  }
};

/// Updates all tensors, in as few launches as their table allows.
template <int Slots, class Rule>
void updateAll(const Context &context, std::span<const Update<Slots>> updates,
               const Rule &rule) {
  forEachTensor(context, updates, UpdateBody<Slots, Rule>{rule});
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_UPDATE_CUH
