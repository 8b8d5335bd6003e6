// See Stream.h.
#include "autopar/cuda/Stream.h"

using namespace autopar::cuda;

Stream::Stream(Priority priority) {
  int least = 0, greatest = 0; // The greatest priority is the smallest number.
  check(cudaDeviceGetStreamPriorityRange(&least, &greatest));
  check(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking,
                                     priority == Priority::High ? greatest : least));
}

Stream::~Stream() {
  if (stream)
    cudaStreamDestroy(stream);
}

void Stream::wait(const Event &event) const { check(cudaStreamWaitEvent(stream, event)); }

void Stream::synchronize() const { check(cudaStreamSynchronize(stream)); }

Event::Event(Kind kind) {
  check(cudaEventCreateWithFlags(&event, kind == Kind::Timed ? cudaEventDefault
                                                             : cudaEventDisableTiming));
}

Event::~Event() {
  if (event)
    cudaEventDestroy(event);
}

void Event::record(const Stream &stream) const { check(cudaEventRecord(event, stream)); }

bool Event::isPassed() const {
  const cudaError_t status = cudaEventQuery(event);
  if (status == cudaErrorNotReady) {
    cudaGetLastError(); // An answer, not an error.
    return false;
  }
  check(status);
  return true;
}

void Event::synchronize() const { check(cudaEventSynchronize(event)); }

double Event::secondsSince(const Event &begin) const {
  float milliseconds = 0;
  check(cudaEventElapsedTime(&milliseconds, begin, event));
  return milliseconds * 1e-3;
}
