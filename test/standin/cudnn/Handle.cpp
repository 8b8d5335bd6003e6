// cuDNN's functions on handles, and those that say what was wrong.
#include "standin/cudnn/Descriptor.h"
#include "standin/cudnn/Library.h"

cudnnStatus_t cudnnCreate(cudnnHandle_t *handle) {
  *handle = new cudnnContext;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnDestroy(cudnnHandle_t handle) {
  delete handle;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
  handle->stream = stream;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetStream(cudnnHandle_t handle, cudaStream_t *stream) {
  *stream = handle->stream;
  return CUDNN_STATUS_SUCCESS;
}

size_t cudnnGetVersion() { return STANDIN_REAL(cudnnGetVersion)(); }

const char *cudnnGetErrorString(cudnnStatus_t status) {
  return STANDIN_REAL(cudnnGetErrorString)(status);
}

void cudnnGetLastErrorString(char *message, size_t most) {
  STANDIN_REAL(cudnnGetLastErrorString)(message, most);
}
