// When each call of a step ran on the device, and its name in a profiler: NVTX ranges for
// Nsight, and a Chrome trace (chrome://tracing, ui.perfetto.dev) for everyone else.
#ifndef AUTOPAR_RUNTIME_CUDA_TIMELINE_H
#define AUTOPAR_RUNTIME_CUDA_TIMELINE_H

#include "autopar/cuda/Context.h"

#include <string>
#include <vector>

namespace autopar::cuda {

/// A range of NVTX from here to the end of the scope; costs next to nothing with no profiler.
class ProfilerRange {
public:
  explicit ProfilerRange(const char *name);
  ~ProfilerRange();
  ProfilerRange(const ProfilerRange &) = delete;
  ProfilerRange &operator=(const ProfilerRange &) = delete;
};

/// Of one step that runs as it is, not as a graph.
class Timeline {
public:
  explicit Timeline(const Context &context);

  /// Runs `call`, which puts its work on `stream`, between two events and in a ProfilerRange.
  template <class Call> void run(const char *name, const Stream &stream, Call call) {
    const ProfilerRange range(name);
    Span &span = begin(name, stream);
    call();
    span.end.record(stream);
  }

  /// Waits for the step, and writes it: times in microseconds from the timeline's beginning, a
  /// line a stream. \throws std::runtime_error when the file cannot be written.
  void write(const std::string &file) const;

private:
  struct Span {
    std::string name;
    bool communicates;
    Event begin{Event::Kind::Timed}, end{Event::Kind::Timed};
  };
  Span &begin(const char *name, const Stream &stream);

  const Context &context;
  const Event origin{Event::Kind::Timed};
  std::vector<Span> spans;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_TIMELINE_H
