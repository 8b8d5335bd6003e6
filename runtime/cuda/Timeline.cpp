// See Timeline.h.
#include "autopar/cuda/Timeline.h"

#include <nvtx3/nvToolsExt.h>

#include <utility>

using namespace autopar::cuda;

void DeviceTimeline::record() {
  works.clear();
  origin.record(compute);
  Timeline::record();
}

DeviceTimeline::Work &DeviceTimeline::begin(const char *name, int row, const Stream &stream) {
  Work &work = works.emplace_back(name, row);
  work.begin.record(stream);
  return work;
}

void DeviceTimeline::layer(const char *name) {
  end();
  nvtxRangePushA(name);
  current = name;
  if (isRecording())
    computing = &begin(name, /*row=*/0, compute);
}

void DeviceTimeline::end() {
  if (Work *ended = std::exchange(computing, nullptr))
    ended->end.record(compute);
  if (std::exchange(current, nullptr))
    nvtxRangePop();
}

void DeviceTimeline::beginCollective() {
  if (isRecording())
    communicating = &begin(current ? current : "", /*row=*/1, communication);
}

void DeviceTimeline::endCollective() {
  if (Work *ended = std::exchange(communicating, nullptr))
    ended->end.record(communication);
}

std::vector<DeviceTimeline::Span> DeviceTimeline::recorded() {
  compute.synchronize();
  communication.synchronize();
  std::vector<Span> spans;
  for (const Work &work : works)
    spans.push_back({work.layer, work.row, work.begin.secondsSince(origin),
                     work.end.secondsSince(work.begin)});
  return spans;
}
