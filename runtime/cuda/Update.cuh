// What optimizers share: one launch updates many parameters. The table of tensors travels in
// the kernel's arguments (32 KiB at most), so nothing is kept in device memory.
#ifndef AUTOPAR_RUNTIME_CUDA_UPDATE_CUH
#define AUTOPAR_RUNTIME_CUDA_UPDATE_CUH

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Kernel.cuh"

#include <span>

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

/// Elements of a block: small enough that small tensors waste little.
inline constexpr int64_t updateBlock = 4 * blockThreads;

template <int Slots, int Capacity> struct UpdateTable {
  Update<Slots> tensors[Capacity];
  unsigned blocksBefore[Capacity + 1]; ///< of tensors before this one
  int count = 0;
};

/// `rule` in the kernel becomes rule.step(), which reads what changes from step to step, and
/// that updates each element: newParameter = step(parameter, gradient, weightDecay, slots).
template <int Slots, int Capacity, class Rule>
__global__ void __launch_bounds__(blockThreads)
    updateKernel(const __grid_constant__ UpdateTable<Slots, Capacity> table, Rule rule) {
  int tensor = 0;
  for (int above = table.count; above - tensor > 1;) {
    const int middle = (tensor + above) / 2;
    (table.blocksBefore[middle] <= blockIdx.x ? tensor : above) = middle;
  }
  const Update<Slots> &update = table.tensors[tensor];
  __shared__ decltype(rule.step()) step; // What is the same for all elements, computed once.
  if (threadIdx.x == 0)
    step = rule.step();
  __syncthreads();
  const int64_t begin = (blockIdx.x - table.blocksBefore[tensor]) * updateBlock;
  const int64_t end = min(update.count, begin + updateBlock);
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

template <int Capacity, int Slots, class Rule>
void launchUpdate(const Context &context, std::span<const Update<Slots>> updates,
                  const Rule &rule) {
  UpdateTable<Slots, Capacity> table;
  unsigned blocks = 0;
  for (const Update<Slots> &update : updates) {
    table.blocksBefore[table.count] = blocks;
    table.tensors[table.count++] = update;
    blocks += static_cast<unsigned>(divideUp(update.count, updateBlock));
  }
  table.blocksBefore[table.count] = blocks;
  if (blocks == 0)
    return;
  updateKernel<<<blocks, blockThreads, 0, context.compute>>>(table, rule);
  checkLaunch();
}

/// Updates all tensors, in as few launches as their table allows.
template <int Slots, class Rule>
void updateAll(const Context &context, std::span<const Update<Slots>> updates,
               const Rule &rule) {
  constexpr size_t capacity = 256;
  static_assert(sizeof(UpdateTable<Slots, capacity>) + sizeof(Rule) <= 32764,
                "what a kernel's arguments may take");
  for (; updates.size() > capacity; updates = updates.subspan(capacity))
    launchUpdate<capacity>(context, updates.first(capacity), rule);
  if (updates.size() == 1) // Hundreds of bytes for the arguments, not thousands.
    launchUpdate<1>(context, updates, rule);
  else
    launchUpdate<capacity>(context, updates, rule);
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_UPDATE_CUH
