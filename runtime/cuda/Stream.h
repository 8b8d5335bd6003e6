// Streams and events as values with an owner. A step has two streams, one that computes and one
// that communicates; events are where they wait for each other.
#ifndef AUTOPAR_RUNTIME_CUDA_STREAM_H
#define AUTOPAR_RUNTIME_CUDA_STREAM_H

#include "autopar/cuda/Check.h"

#include <utility>

namespace autopar::cuda {

class Event;

/// Work in order. Work of two streams is unordered but for their events.
class Stream {
public:
  enum class Priority { Normal, High };

  explicit Stream(Priority priority = Priority::Normal);
  ~Stream();
  Stream(Stream &&other) noexcept : stream(std::exchange(other.stream, nullptr)) {}

  operator cudaStream_t() const { return stream; }

  /// What is put on the stream from here on runs after what the event has marked.
  void wait(const Event &event) const;

  /// Blocks the host until all work so far is done. \throws std::runtime_error for an error of
  /// any of it.
  void synchronize() const;

private:
  cudaStream_t stream = nullptr;
};

/// A place in a stream's work.
class Event {
public:
  enum class Kind {
    Order, ///< only orders streams; cheap
    Timed, ///< also remembers when it was passed
  };

  explicit Event(Kind kind = Kind::Order);
  ~Event();
  Event(Event &&other) noexcept : event(std::exchange(other.event, nullptr)) {}

  operator cudaEvent_t() const { return event; }

  /// Marks the end of the stream's work so far.
  void record(const Stream &stream) const;

  /// Whether the marked work is done. \throws std::runtime_error for an error of it.
  bool isPassed() const;

  /// Blocks the host until it is.
  void synchronize() const;

  /// Seconds from `begin` to this; both of kind Timed and passed.
  double secondsSince(const Event &begin) const;

private:
  cudaEvent_t event = nullptr;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_STREAM_H
