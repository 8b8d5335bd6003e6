#include "autopar/core/Timeline.h"

#include "autopar/core/OutputFile.h"

#include <nlohmann/json.hpp>

#include <utility>

using namespace autopar;

void Timeline::write(const std::string &file) {
  using Json = nlohmann::ordered_json;
  constexpr double microseconds = 1e6;
  Json events = Json::array();
  for (const std::string &row : rows())
    events.push_back({{"name", "thread_name"},
                      {"ph", "M"},
                      {"pid", 0},
                      {"tid", events.size()},
                      {"args", {{"name", row}}}});
  for (const Span &span : recorded())
    events.push_back({{"name", span.layer},
                      {"ph", "X"},
                      {"pid", 0},
                      {"tid", span.row},
                      {"ts", span.begin * microseconds},
                      {"dur", span.seconds * microseconds}});
  writeFile(file, Json{{"traceEvents", events}, {"displayTimeUnit", "ms"}}.dump(1) + '\n');
}

double HostTimeline::now() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - origin).count();
}

void HostTimeline::record() {
  origin = std::chrono::steady_clock::now();
  spans.clear();
  Timeline::record();
}

void HostTimeline::layer(const char *name) {
  if (!isRecording())
    return;
  end();
  spans.push_back({name, /*row=*/0, now(), 0});
  open = true;
}

void HostTimeline::end() {
  if (std::exchange(open, false))
    spans.back().seconds = now() - spans.back().begin;
}
