// CUDA's functions on events.
#include "standin/cuda/Error.h"
#include "standin/device/Stream.h"

#include <cuda_runtime_api.h>

#include <algorithm>

using standin::Capture;
using standin::Passing;
using standin::remember;
using standin::submit;

cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags) {
  *event = new CUevent_st{.isTimed = !(flags & cudaEventDisableTiming)};
  return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}

/// In a capture it marks a place in the graph, and nothing that can be waited for outside.
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  event->capture = stream->capture;
  if (stream->capture) {
    event->last = stream->last;
    return cudaSuccess;
  }
  const auto passing = event->passing;
  const uint64_t times = ++passing->recorded;
  return remember(submit(stream, {"an event's record", [=] {
                                    passing->passed = std::max(passing->passed, times);
                                    passing->at = std::chrono::steady_clock::now();
                                  }}));
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  if (!event->capture) {
    if (event->passing->recorded == 0)
      return cudaSuccess;
    if (stream->capture) { // The graph cannot wait for what is outside.
      stream->capture->isBroken = true;
      return remember(cudaErrorStreamCaptureIsolation);
    }
    stream->queue.push_back(
        {"a wait for an event", nullptr, event->passing, event->passing->recorded});
    return cudaSuccess;
  }
  if (!event->capture->isOpen)
    return remember(cudaErrorCapturedEvent);
  Capture &capture = *event->capture;
  if (!stream->capture) {
    stream->capture = event->capture;
    stream->last.clear();
    capture.streams.push_back(stream);
  } else if (stream->capture != event->capture) {
    return remember(cudaErrorStreamCaptureMerge);
  }
  for (int node : event->last)
    if (std::ranges::find(stream->last, node) == stream->last.end())
      stream->last.push_back(node);
  return cudaSuccess;
}

cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t begin, cudaEvent_t end) {
  for (cudaEvent_t event : {begin, end}) {
    if (!event->isTimed || event->capture || event->passing->recorded == 0)
      return remember(cudaErrorInvalidResourceHandle);
    if (event->passing->passed < event->passing->recorded)
      return remember(cudaErrorNotReady);
  }
  *milliseconds =
      std::chrono::duration<float, std::milli>(end->passing->at - begin->passing->at).count();
  return cudaSuccess;
}
