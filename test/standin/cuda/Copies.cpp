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

using standin::Operand;
using standin::Place;
using standin::remember;
using standin::submit;
using standin::Use;
using standin::Work;

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
  const Operand source{Use::Read, "what cudaMemcpyAsync reads", from, bytes};
  const Operand target{Use::Write, "what cudaMemcpyAsync writes", to, bytes};
  Work work{.name = "cudaMemcpyAsync", .run = [=] { std::memcpy(to, from, bytes); }};
  switch (kind) {
  case cudaMemcpyHostToDevice: {
    standin::require(Place::Device, to, bytes, target.name);
    requireHost(from, bytes, source.name);
    if (standin::isIn(Place::Pinned, from)) {
      work.operands = {source, target};
      return remember(submit(stream, std::move(work)));
    }
    work.operands = {target};
    if (bytes > mostStagedBytes && !stream->capture) {
      standin::finish(stream);
      submit(stream, std::move(work));
      return remember(standin::finish(stream));
    }
    const auto *const begin = static_cast<const char *>(from);
    const auto staged = std::make_shared<std::vector<char>>(begin, begin + bytes);
    work.run = [=] { std::memcpy(to, staged->data(), bytes); };
    return remember(submit(stream, std::move(work)));
  }
  case cudaMemcpyDeviceToHost: {
    standin::require(Place::Device, from, bytes, source.name);
    requireHost(to, bytes, target.name);
    work.operands = {source};
    const bool isPinned = standin::isIn(Place::Pinned, to);
    if (isPinned)
      work.operands.push_back(target);
    const cudaError_t status = submit(stream, std::move(work));
    if (status != cudaSuccess || isPinned)
      return remember(status);
    return remember(standin::synchronize(stream));
  }
  case cudaMemcpyDeviceToDevice:
    standin::require(Place::Device, to, bytes, target.name);
    standin::require(Place::Device, from, bytes, source.name);
    if (overlap(to, from, bytes))
      standin::report("cudaMemcpyAsync copies between ranges that overlap");
    work.operands = {source, target};
    work.kind = Work::Kind::Copy;
    return remember(submit(stream, std::move(work)));
  default:
    return remember(cudaErrorInvalidValue);
  }
}

cudaError_t cudaMemsetAsync(void *to, int value, size_t bytes, cudaStream_t stream) {
  return cudaMemset2DAsync(to, bytes, value, bytes, 1, stream);
}

cudaError_t cudaMemset2DAsync(void *to, size_t pitch, int value, size_t width, size_t height,
                              cudaStream_t stream) {
  if (width == 0 || height == 0)
    return cudaSuccess;
  if (width > pitch)
    return remember(cudaErrorInvalidValue);
  const char *const name = height == 1 ? "cudaMemsetAsync" : "cudaMemset2DAsync";
  const Operand target = standin::strided(Use::Write, std::string("what ") + name + " writes",
                                          to, width, {{height, pitch}});
  standin::require(Place::Device, to, target.extent(), target.name);
  const auto fill = [=] {
    for (size_t row = 0; row < height; ++row)
      std::memset(static_cast<char *>(to) + row * pitch, value, width);
  };
  return remember(submit(
      stream, {.name = name, .run = fill, .operands = {target}, .kind = Work::Kind::Fill}));
}
