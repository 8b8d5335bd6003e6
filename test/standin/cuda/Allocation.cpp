// CUDA's functions that give and take memory.
#include "standin/cuda/Error.h"
#include "standin/device/Memory.h"

#include <cuda_runtime_api.h>

#include <algorithm>

using standin::Place;
using standin::remember;

static cudaError_t give(Place place, void **memory, size_t bytes) {
  if (bytes == 0) {
    *memory = nullptr;
    return cudaSuccess;
  }
  *memory = standin::allocate(place, bytes);
  return *memory ? cudaSuccess : remember(cudaErrorMemoryAllocation);
}

static cudaError_t take(Place place, void *memory) {
  if (memory)
    standin::release(place, memory);
  return cudaSuccess;
}

cudaError_t cudaMalloc(void **memory, size_t bytes) {
  return give(Place::Device, memory, bytes);
}

cudaError_t cudaFree(void *memory) { return take(Place::Device, memory); }

cudaError_t cudaMallocHost(void **memory, size_t bytes) {
  return give(Place::Pinned, memory, bytes);
}

cudaError_t cudaHostAlloc(void **memory, size_t bytes, unsigned) {
  return give(Place::Pinned, memory, bytes);
}

cudaError_t cudaFreeHost(void *memory) { return take(Place::Pinned, memory); }

/// The same address, as with unified addressing.
cudaError_t cudaHostGetDevicePointer(void **device, void *host, unsigned) {
  standin::require(Place::Pinned, host, 1, "cudaHostGetDevicePointer's operand");
  *device = host;
  return cudaSuccess;
}
