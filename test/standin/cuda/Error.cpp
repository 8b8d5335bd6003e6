// See Error.h.
#include "standin/cuda/Error.h"

#include <cuda_runtime_api.h>

#include <utility>

static thread_local cudaError_t last = cudaSuccess;

cudaError_t standin::remember(cudaError_t status) {
  if (status != cudaSuccess)
    last = status;
  return status;
}

cudaError_t cudaGetLastError() { return std::exchange(last, cudaSuccess); }

const char *cudaGetErrorString(cudaError_t error) {
  switch (error) {
  case cudaSuccess:
    return "no error";
  case cudaErrorInvalidValue:
    return "invalid argument";
  case cudaErrorMemoryAllocation:
    return "out of memory";
  case cudaErrorInvalidConfiguration:
    return "invalid configuration argument";
  case cudaErrorInvalidDevice:
    return "invalid device ordinal";
  case cudaErrorInvalidResourceHandle:
    return "invalid resource handle";
  case cudaErrorNotReady:
    return "device not ready";
  case cudaErrorStreamCaptureUnsupported:
    return "operation not permitted when stream is capturing";
  case cudaErrorStreamCaptureInvalidated:
    return "operation failed due to a previous error during capture";
  case cudaErrorStreamCaptureUnjoined:
    return "capturing stream has unjoined work";
  case cudaErrorStreamCaptureMerge:
    return "operation would result in a merge of separate capture sequences";
  case cudaErrorStreamCaptureIsolation:
    return "dependency created on uncaptured work in another stream";
  case cudaErrorCapturedEvent:
    return "operation not permitted on an event last recorded in a capturing stream";
  case cudaErrorIllegalState:
    return "the operation cannot be performed in the present state";
  default:
    return "another error of CUDA's";
  }
}
