// CUDA's functions on devices.
#include "standin/cuda/Error.h"
#include "standin/device/Memory.h"
#include "standin/device/Properties.h"

#include <cuda_runtime_api.h>

using standin::remember;

static bool isDevice(int device) { return device >= 0 && device < standin::deviceCount; }

cudaError_t cudaGetDeviceCount(int *count) {
  *count = standin::deviceCount;
  return cudaSuccess;
}

cudaError_t cudaGetDevice(int *device) {
  *device = standin::currentDevice();
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  if (!isDevice(device))
    return remember(cudaErrorInvalidDevice);
  standin::selectDevice(device);
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device) {
  if (!isDevice(device))
    return remember(cudaErrorInvalidDevice);
  *properties = standin::propertiesOf(device);
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int *version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int *version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t *free, size_t *total) {
  const standin::DeviceBytes bytes = standin::deviceBytes();
  *free = bytes.free;
  *total = bytes.total;
  return cudaSuccess;
}
