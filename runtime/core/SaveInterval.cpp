#include "autopar/core/SaveInterval.h"

#include "autopar/core/Numbers.h"

using namespace autopar;

std::optional<SaveInterval> SaveInterval::of(std::string_view text) {
  constexpr struct {
    std::string_view name;
    int64_t seconds;
  } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}};
  for (const auto &[name, seconds] : units) {
    if (!text.ends_with(name))
      continue;
    text.remove_suffix(name.size());
    constexpr int64_t most = 1'000'000'000; // seconds: nobody waits for 30 years
    if (const std::optional<int64_t> count = wholeNumber(text, 1, most / seconds))
      return SaveInterval{.time = std::chrono::seconds(*count * seconds)};
    return std::nullopt;
  }
  if (const std::optional<int64_t> steps = wholeNumber(text, 1, mostSteps))
    return SaveInterval{.steps = *steps};
  return std::nullopt;
}

SaveClock::SaveClock(const SaveInterval &interval, Peers &peers)
    : interval(interval), peers(peers), pace(/*secondsBetween=*/1) {}

bool SaveClock::isDueAfter(int64_t step) {
  if (!interval.time.count() || (peers.ranks() > 1 && !pace.isDue(step)))
    return false;
  const bool isDue = std::chrono::steady_clock::now() - since >= interval.time;
  if (peers.ranks() == 1)
    return isDue;
  struct Said {
    int64_t next;
    int64_t isDue;
  };
  const Said first = peers.allGather(Said{pace.proposal(step), isDue}).front();
  pace.agree(first.next);
  return first.isDue;
}
