// CUDA's copies and fills. What is pageable on the host goes as CUDA's "API synchronization
// behavior" has it: it is read before the call returns, and has been written when it does.
#include "standin/Report.h"
#include "standin/cuda/Error.h"
#include "standin/device/Memory.h"
#include "standin/device/Stream.h"

#include <cuda_runtime_api.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

using standin::Place;
using standin::remember;
using standin::submit;

/// Pageable memory beyond this waits for the stream, and is not copied twice.
static constexpr size_t mostStagedBytes = size_t(64) << 10;

static bool overlap(const void *a, const void *b, size_t bytes) {
  const auto *const first = static_cast<const char *>(a), *const second =
                                                              static_cast<const char *>(b);
  return first < second + bytes && second < first + bytes;
}

/// Reports host memory of a copy that is none.
static void requireHost(const void *memory, size_t bytes, const std::string &what) {
  if (standin::isIn(Place::Pinned, memory))
    standin::require(Place::Pinned, memory, bytes, what);
  else if (standin::isIn(Place::Device, memory))
    standin::report(what + " is " + standin::describe(memory) + ", not the host's");
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  if (bytes == 0)
    return cudaSuccess;
  const std::string target = "what cudaMemcpyAsync writes",
                    source = "what cudaMemcpyAsync reads";
  const auto copy = [=] { std::memcpy(to, from, bytes); };
  switch (kind) {
  case cudaMemcpyHostToDevice:
    standin::require(Place::Device, to, bytes, target);
    requireHost(from, bytes, source);
    if (!standin::isIn(Place::Pinned, from)) {
      if (bytes > mostStagedBytes && !stream->capture) {
        const cudaError_t status = standin::synchronize(stream);
        const standin::DeviceAccess access;
        copy();
        return remember(status);
      }
      const auto *const begin = static_cast<const char *>(from);
      const auto staged = std::make_shared<std::vector<char>>(begin, begin + bytes);
      return remember(submit(
          stream, {"a copy from the host", [=] { std::memcpy(to, staged->data(), bytes); }}));
    }
    return remember(submit(stream, {"a copy from the host", copy}));
  case cudaMemcpyDeviceToHost: {
    standin::require(Place::Device, from, bytes, source);
    requireHost(to, bytes, target);
    const cudaError_t status = submit(stream, {"a copy to the host", copy});
    if (status != cudaSuccess || standin::isIn(Place::Pinned, to))
      return remember(status);
    return remember(standin::synchronize(stream));
  }
  case cudaMemcpyDeviceToDevice:
    standin::require(Place::Device, to, bytes, target);
    standin::require(Place::Device, from, bytes, source);
    if (overlap(to, from, bytes))
      standin::report("cudaMemcpyAsync copies between ranges that overlap");
    return remember(submit(stream, {"a copy on the device", copy}));
  default:
    return remember(cudaErrorInvalidValue);
  }
}

cudaError_t cudaMemsetAsync(void *to, int value, size_t bytes, cudaStream_t stream) {
  if (bytes == 0)
    return cudaSuccess;
  standin::require(Place::Device, to, bytes, "what cudaMemsetAsync writes");
  return remember(submit(stream, {"a fill", [=] { std::memset(to, value, bytes); }}));
}

cudaError_t cudaMemset2DAsync(void *to, size_t pitch, int value, size_t width, size_t height,
                              cudaStream_t stream) {
  if (width == 0 || height == 0)
    return cudaSuccess;
  if (width > pitch)
    return remember(cudaErrorInvalidValue);
  standin::require(Place::Device, to, (height - 1) * pitch + width,
                   "what cudaMemset2DAsync writes");
  return remember(submit(stream, {"a fill of rows", [=] {
                                    for (size_t row = 0; row < height; ++row)
                                      std::memset(static_cast<char *>(to) + row * pitch, value,
                                                  width);
                                  }}));
}
