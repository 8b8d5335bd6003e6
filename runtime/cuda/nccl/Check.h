// NCCL's results, as cuda/Check.h has CUDA's statuses.
#ifndef AUTOPAR_RUNTIME_CUDA_NCCL_CHECK_H
#define AUTOPAR_RUNTIME_CUDA_NCCL_CHECK_H

#include "autopar/cuda/Check.h"

#include <nccl.h>

#include <string>

namespace autopar::cuda {

inline void check(ncclResult_t result,
                  std::source_location where = std::source_location::current()) {
  if (result == ncclSuccess)
    return;
  const char *const detail = ncclGetLastError(nullptr);
  fail("NCCL",
       std::string(ncclGetErrorString(result)) + (detail && *detail ? ": " : "") +
           (detail ? detail : ""),
       where);
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_NCCL_CHECK_H
