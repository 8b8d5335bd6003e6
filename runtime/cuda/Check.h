// CUDA calls return a status that nobody may drop: check turns a bad one into an exception that
// says which line of which file made the call. Each library's overload stands with its wrapper.
#ifndef AUTOPAR_RUNTIME_CUDA_CHECK_H
#define AUTOPAR_RUNTIME_CUDA_CHECK_H

#include <cuda_runtime_api.h>

#include <source_location>
#include <string_view>

namespace autopar::cuda {

/// Throws std::runtime_error "FILE:LINE: LIBRARY: what it says".
[[noreturn]] void fail(std::string_view library, std::string_view what,
                       std::source_location where);

/// Throws unless `status` is cudaSuccess.
void check(cudaError_t status, std::source_location where = std::source_location::current());

/// Checks that the kernel launched just before could be launched.
inline void checkLaunch(std::source_location where = std::source_location::current()) {
  check(cudaGetLastError(), where);
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CHECK_H
