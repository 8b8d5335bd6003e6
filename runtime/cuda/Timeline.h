// When each layer of a step was at work on the device, and its range in a profiler: NVTX for
// Nsight, events for the trace.
#ifndef AUTOPAR_RUNTIME_CUDA_TIMELINE_H
#define AUTOPAR_RUNTIME_CUDA_TIMELINE_H

#include "autopar/core/Timeline.h"
#include "autopar/cuda/Stream.h"

#include <deque>

namespace autopar::cuda {

/// Records steps that run call by call, not as a graph.
class DeviceTimeline final : public Timeline {
public:
  DeviceTimeline(const Stream &compute, const Stream &communication)
      : compute(compute), communication(communication) {}

  void layer(const char *name) override;
  void end() override;
  void record() override;

  /// A collective of the layer at hand begins and ends on the stream of communication.
  void beginCollective();
  void endCollective();

protected:
  std::vector<std::string> rows() const override { return {"compute", "communication"}; }
  std::vector<Span> recorded() override;

private:
  struct Work {
    const char *layer;
    int row;
    Event begin{Event::Kind::Timed}, end{Event::Kind::Timed};
  };
  Work &begin(const char *name, int row, const Stream &stream);

  const Stream &compute, &communication;
  const char *current = nullptr; ///< the layer of the open range
  const Event origin{Event::Kind::Timed};
  Work *computing = nullptr, *communicating = nullptr; ///< while recorded
  std::deque<Work> works;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_TIMELINE_H
