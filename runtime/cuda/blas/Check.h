// cuBLASLt's statuses, as cuda/Check.h has CUDA's.
#ifndef AUTOPAR_RUNTIME_CUDA_BLAS_CHECK_H
#define AUTOPAR_RUNTIME_CUDA_BLAS_CHECK_H

#include "autopar/cuda/Check.h"

#include <cublasLt.h>

namespace autopar::cuda {

inline void check(cublasStatus_t status,
                  std::source_location where = std::source_location::current()) {
  if (status != CUBLAS_STATUS_SUCCESS)
    fail("cuBLASLt", cublasLtGetStatusString(status), where);
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_BLAS_CHECK_H
