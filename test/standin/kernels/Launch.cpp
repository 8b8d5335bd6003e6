// See Launch.h.
#include "standin/kernels/Launch.h"

#include "standin/Report.h"
#include "standin/cuda/Error.h"
#include "standin/device/Properties.h"
#include "standin/device/Stream.h"
#include "standin/kernels/Block.h"
#include "standin/kernels/KernelName.h"

#include <cstdint>

namespace standin {

/// What a GPU of this kind launches. (sm_90 takes 32,764 bytes of arguments.)
static cudaError_t statusOf(const cudaLaunchConfig_t &config, size_t argumentBytes) {
  const cudaDeviceProp &limits = properties();
  const unsigned grid[] = {config.gridDim.x, config.gridDim.y, config.gridDim.z};
  const unsigned block[] = {config.blockDim.x, config.blockDim.y, config.blockDim.z};
  uint64_t threads = 1;
  for (int d = 0; d < 3; ++d) {
    if (grid[d] == 0 || grid[d] > static_cast<unsigned>(limits.maxGridSize[d]) ||
        block[d] == 0 || block[d] > static_cast<unsigned>(limits.maxThreadsDim[d]))
      return cudaErrorInvalidConfiguration;
    threads *= block[d];
  }
  if (threads > static_cast<unsigned>(limits.maxThreadsPerBlock))
    return cudaErrorInvalidConfiguration;
  constexpr size_t mostArgumentBytes = 32764;
  // More than this needs a function attribute, which nobody sets.
  if (config.dynamicSmemBytes > limits.sharedMemPerBlock || argumentBytes > mostArgumentBytes)
    return cudaErrorInvalidValue;
  return cudaSuccess;
}

cudaError_t enqueueKernel(const cudaLaunchConfig_t &config, const Kernel &kernel,
                          std::shared_ptr<const void> arguments) {
  if (const cudaError_t status = statusOf(config, kernel.argumentBytes); status != cudaSuccess)
    return remember(status);
  const auto run = [kernel, grid = config.gridDim, block = config.blockDim, arguments] {
    runGrid(kernel, grid, block);
  };
  return remember(
      submit(config.stream, {.name = "a kernel", .run = run, .kernel = kernel.function}));
}

} // namespace standin
