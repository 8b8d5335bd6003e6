// The last error, as cudaGetLastError tells it.
#ifndef AUTOPAR_TEST_STANDIN_CUDA_ERROR_H
#define AUTOPAR_TEST_STANDIN_CUDA_ERROR_H

#include <driver_types.h>

namespace standin {

/// Keeps an error for cudaGetLastError, and returns the status.
cudaError_t remember(cudaError_t status);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_CUDA_ERROR_H
