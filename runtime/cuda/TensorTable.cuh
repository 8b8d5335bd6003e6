// Many tensors in one launch: a block of threads works on a run of elements of one of them. The
// table of tensors travels in the kernel's arguments (32 KiB at most), so nothing is kept in
// device memory.
#ifndef AUTOPAR_RUNTIME_CUDA_TENSORTABLE_CUH
#define AUTOPAR_RUNTIME_CUDA_TENSORTABLE_CUH

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Kernel.cuh"

#include <span>

namespace autopar::cuda {

/// Tensor::count says how many elements a tensor has.
template <class Tensor, int Capacity> struct TensorTable {
  Tensor tensors[Capacity];
  unsigned blocksBefore[Capacity + 1]; ///< of tensors before this one
  int count = 0;

  __device__ int tensorOf(unsigned block) const {
    int tensor = 0;
    for (int above = count; above - tensor > 1;) {
      const int middle = (tensor + above) / 2;
      (blocksBefore[middle] <= block ? tensor : above) = middle;
    }
    return tensor;
  }
};

template <class Tensor, int Capacity, class Body>
__global__ void __launch_bounds__(blockThreads)
    tensorsKernel(const __grid_constant__ TensorTable<Tensor, Capacity> table, Body body) {
  const int index = table.tensorOf(blockIdx.x);
  const Tensor &tensor = table.tensors[index];
  const int64_t begin = (blockIdx.x - table.blocksBefore[index]) * Body::blockElements;
  body(tensor, begin, min(tensor.count, begin + Body::blockElements));
}

template <int Capacity, class Tensor, class Body>
void launchTensors(const Context &context, std::span<const Tensor> tensors, const Body &body) {
  TensorTable<Tensor, Capacity> table;
  static_assert(sizeof table + sizeof body <= 32764, "what a kernel's arguments may take");
  unsigned blocks = 0;
  for (const Tensor &tensor : tensors) {
    table.blocksBefore[table.count] = blocks;
    table.tensors[table.count++] = tensor;
    blocks += static_cast<unsigned>(divideUp(tensor.count, Body::blockElements));
  }
  table.blocksBefore[table.count] = blocks;
  if (blocks == 0)
    return;
  launch(tensorsKernel<Tensor, Capacity, Body>, blocks, blockThreads, 0, context.compute, table,
         body);
  checkLaunch();
}

/// body(tensor, begin, end) on a block of threads for each run of Body::blockElements elements,
/// in one launch for each 256 tensors.
template <class Tensor, class Body>
void forEachTensor(const Context &context, std::span<const Tensor> tensors, const Body &body) {
  constexpr size_t capacity = 256;
  if (tensors.size() == 1) // Hundreds of bytes for the arguments, not thousands.
    return launchTensors<1>(context, tensors, body);
  for (; tensors.size() > capacity; tensors = tensors.subspan(capacity))
    launchTensors<capacity>(context, tensors.first(capacity), body);
  launchTensors<capacity>(context, tensors, body);
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_TENSORTABLE_CUH
