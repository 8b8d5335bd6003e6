// How every kernel is launched: one function, so that whoever compiles kernels otherwise than
// by nvcc has one place to meet them.
#ifndef AUTOPAR_RUNTIME_CUDA_LAUNCH_CUH
#define AUTOPAR_RUNTIME_CUDA_LAUNCH_CUH

#include <cuda_runtime.h>

#include <utility>

namespace autopar::cuda {

/// kernel(arguments...) on `grid` blocks of `block` threads, each block with `shared` bytes of
/// dynamic shared memory. Whether it could be launched, checkLaunch tells.
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), dim3 grid, dim3 block, size_t shared,
            cudaStream_t stream, Arguments &&...arguments) {
  cudaLaunchConfig_t config = {};
  config.gridDim = grid;
  config.blockDim = block;
  config.dynamicSmemBytes = shared;
  config.stream = stream;
  cudaLaunchKernelEx(&config, kernel, std::forward<Arguments>(arguments)...);
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_LAUNCH_CUH
