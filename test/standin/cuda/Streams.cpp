// CUDA's functions on streams.
#include "standin/cuda/Error.h"
#include "standin/device/Random.h"
#include "standin/device/Stream.h"

#include <cuda_runtime_api.h>

using standin::remember;

cudaError_t cudaDeviceGetStreamPriorityRange(int *least, int *greatest) {
  *least = 0;
  *greatest = -5;
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithPriority(cudaStream_t *stream, unsigned, int priority) {
  *stream = new CUstream_st;
  (*stream)->priority = priority;
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  delete stream;
  return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  return remember(standin::synchronize(stream));
}

/// Now and then the work is not yet done.
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  if (!stream->queue.empty() && standin::random().below(2))
    return remember(cudaErrorNotReady);
  return remember(standin::synchronize(stream));
}
