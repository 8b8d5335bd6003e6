// The kernels' side of Faults.h.
#ifndef AUTOPAR_RUNTIME_CUDA_FAULTS_CUH
#define AUTOPAR_RUNTIME_CUDA_FAULTS_CUH

#include "autopar/cuda/Faults.h"

namespace autopar::cuda {

/// Leaves the note unless an earlier one lies there.
inline __device__ void report(Fault *faults, Fault::Call call, int64_t row, int64_t value,
                              int64_t bound) {
  if (atomicCAS_system(&faults->call, static_cast<int32_t>(Fault::None),
                       static_cast<int32_t>(call)) != Fault::None)
    return;
  faults->row = row;
  faults->value = value;
  faults->bound = bound;
  __threadfence_system();
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_FAULTS_CUH
