// cuDNN's statuses, as cuda/Check.h has CUDA's, with the library's own account of its last
// error.
#ifndef AUTOPAR_RUNTIME_CUDA_CUDNN_CHECK_H
#define AUTOPAR_RUNTIME_CUDA_CUDNN_CHECK_H

#include "autopar/cuda/Check.h"

#include <cudnn.h>

namespace autopar::cuda {

void check(cudnnStatus_t status, std::source_location where = std::source_location::current());

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CUDNN_CHECK_H
