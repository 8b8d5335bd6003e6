#include "autopar/core/CallClock.h"

#include "autopar/core/OutputFile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

using namespace autopar;

namespace {

/// Of an even number of values the larger one of the middle two.
double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

} // namespace

CallClock::CallClock(const Rank &rank, std::string file)
    : file(rank.index() == 0 ? std::move(file) : std::string()) {}

void CallClock::start() {
  next = 0;
  last = Clock::now();
}

void CallClock::lap(std::string_view name) {
  const Clock::time_point now = Clock::now();
  if (next == calls.size())
    calls.push_back({std::string(name), {}});
  calls[next++].seconds.push_back(std::chrono::duration<double>(now - last).count());
  // What the clock itself takes is nobody's.
  last = Clock::now();
}

CallClock::~CallClock() {
  if (file.empty() || calls.empty() || calls.front().seconds.size() < 2)
    return;
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Call &call : calls)
    all.push_back({{"name", call.name},
                   {"seconds", median({call.seconds.begin() + 1, call.seconds.end()})}});
  try {
    writeFile(file, nlohmann::ordered_json{{"steps", calls.front().seconds.size()},
                                           {"calls", all}}
                            .dump(1) +
                        '\n');
  } catch (const std::exception &error) { // a destructor throws nothing
    std::fprintf(stderr, "the times of the calls: %s\n", error.what());
  }
}
