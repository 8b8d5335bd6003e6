// Launches of kernels that are compiled as functions of the host.
#ifndef AUTOPAR_TEST_STANDIN_KERNELS_LAUNCH_H
#define AUTOPAR_TEST_STANDIN_KERNELS_LAUNCH_H

#include <cuda_runtime_api.h>

#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace standin {

/// Puts the kernel on the stream where a GPU would launch it. `threadBody` runs one thread.
cudaError_t enqueueKernel(const cudaLaunchConfig_t &config, const void *kernel,
                          size_t argumentBytes, std::function<void()> threadBody);

/// cudaLaunchKernelEx with the kernel's parameters in its type. Arguments are copied now.
template <class... Parameters, class... Arguments>
cudaError_t launchKernel(const cudaLaunchConfig_t *config, void (*kernel)(Parameters...),
                         Arguments &&...arguments) {
  std::tuple<std::remove_const_t<Parameters>...> values(
      static_cast<Parameters>(std::forward<Arguments>(arguments))...);
  return enqueueKernel(*config, reinterpret_cast<const void *>(kernel), sizeof values,
                       [kernel, values] { std::apply(kernel, values); });
}

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_KERNELS_LAUNCH_H
