// Launches of kernels that are compiled as functions of the host.
#ifndef AUTOPAR_TEST_STANDIN_KERNELS_LAUNCH_H
#define AUTOPAR_TEST_STANDIN_KERNELS_LAUNCH_H

#include "standin/kernels/Block.h"

#include <cuda_runtime_api.h>

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace standin {

/// Puts the kernel on the stream where a GPU would launch it.
cudaError_t enqueueKernel(const cudaLaunchConfig_t &config, const Kernel &kernel,
                          std::shared_ptr<const void> arguments);

/// cudaLaunchKernelEx with the kernel's parameters in its type. Arguments are copied now.
template <class... Parameters, class... Arguments>
cudaError_t launchKernel(const cudaLaunchConfig_t *config, void (*kernel)(Parameters...),
                         Arguments &&...arguments) {
  using Values = std::tuple<std::remove_const_t<Parameters>...>;
  const auto values = std::make_shared<const Values>(
      static_cast<Parameters>(std::forward<Arguments>(arguments))...);
  const auto runThread = [](const void *function, const void *arguments) {
    std::apply(reinterpret_cast<void (*)(Parameters...)>(const_cast<void *>(function)),
               *static_cast<const Values *>(arguments));
  };
  return enqueueKernel(
      *config,
      {reinterpret_cast<const void *>(kernel), runThread, values.get(), sizeof(Values)},
      values);
}

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_KERNELS_LAUNCH_H
