// CUDA's functions on events.
#include "standin/cuda/Error.h"
#include "standin/device/Random.h"
#include "standin/device/Stream.h"

#include <cuda_runtime_api.h>

#include <algorithm>

using standin::Capture;
using standin::Recording;
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
  event->recording = std::make_shared<Recording>();
  return remember(submit(stream, {.name = "an event's record", .recorded = event->recording}));
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  if (!event->capture) {
    if (!event->recording)
      return cudaSuccess;
    if (stream->capture) { // The graph cannot wait for what is outside.
      stream->capture->isBroken = true;
      return remember(cudaErrorStreamCaptureIsolation);
    }
    return remember(
        submit(stream, {.name = "a wait for an event", .awaited = event->recording}));
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

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  if (event->capture)
    return remember(cudaErrorCapturedEvent);
  return remember(event->recording ? standin::synchronize(*event->recording) : cudaSuccess);
}

/// Now and then what it marks is not yet done.
cudaError_t cudaEventQuery(cudaEvent_t event) {
  if (!event->capture && event->recording && !event->recording->isPassed &&
      standin::random().below(2))
    return remember(cudaErrorNotReady);
  return cudaEventSynchronize(event);
}

cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t begin, cudaEvent_t end) {
  for (cudaEvent_t event : {begin, end}) {
    if (!event->isTimed || event->capture || !event->recording)
      return remember(cudaErrorInvalidResourceHandle);
    if (!event->recording->isPassed)
      return remember(cudaErrorNotReady);
  }
  *milliseconds =
      std::chrono::duration<float, std::milli>(end->recording->at - begin->recording->at)
          .count();
  return cudaSuccess;
}
