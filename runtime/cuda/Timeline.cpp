// See Timeline.h.
#include "autopar/cuda/Timeline.h"

#include <nlohmann/json.hpp>
#include <nvtx3/nvToolsExt.h>

#include <fstream>
#include <stdexcept>

using namespace autopar::cuda;

ProfilerRange::ProfilerRange(const char *name) { nvtxRangePushA(name); }
ProfilerRange::~ProfilerRange() { nvtxRangePop(); }

Timeline::Timeline(const Context &context) : context(context) {
  origin.record(context.compute);
}

Timeline::Span &Timeline::begin(const char *name, const Stream &stream) {
  Span &span = spans.emplace_back();
  span.name = name;
  span.communicates = &stream == &context.communication;
  span.begin.record(stream);
  return span;
}

void Timeline::write(const std::string &file) const {
  context.synchronize();
  auto events = nlohmann::json::array();
  for (const char *stream : {"compute", "communication"})
    events.push_back({{"name", "thread_name"},
                      {"ph", "M"},
                      {"pid", 0},
                      {"tid", events.size()},
                      {"args", {{"name", stream}}}});
  for (const Span &span : spans)
    events.push_back({{"name", span.name},
                      {"ph", "X"},
                      {"pid", 0},
                      {"tid", span.communicates ? 1 : 0},
                      {"ts", span.begin.secondsSince(origin) * 1e6},
                      {"dur", span.end.secondsSince(span.begin) * 1e6}});
  std::ofstream out(file);
  out << nlohmann::json{{"traceEvents", events}, {"displayTimeUnit", "ms"}} << '\n';
  if (!out.flush())
    throw std::runtime_error("cannot write the timeline to " + file);
}
