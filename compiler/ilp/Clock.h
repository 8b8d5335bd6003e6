// What a run may take: seconds by the wall clock or, so that it can be repeated
// bit by bit, work, which is counted where it is done and is the same on every
// machine.

#ifndef AUTOPAR_ILP_CLOCK_H
#define AUTOPAR_ILP_CLOCK_H

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace autopar::ilp {

/// Steps of inner loops: cells of cost tables visited, rows and columns of a
/// program at each iteration of the simplex method.
using Work = int64_t;

/// Work in what counts as a second where work is the limit; about what one core
/// does in one.
inline constexpr double workASecond = 2e8;

class Clock {
public:
  virtual ~Clock() = default;
  virtual double secondsLeft() = 0;
  virtual void spend(Work work) = 0;
  /// Whether it is work that runs out, and not time.
  virtual bool countsWork() const = 0;

  /// Whether the run is to end, after `work` more has been done.
  bool expired(Work work = 0) {
    spend(work);
    return secondsLeft() <= 0;
  }
};

/// Runs out after so many seconds or, where that is given, so much work.
class RunClock : public Clock {
public:
  explicit RunClock(double seconds, std::optional<Work> work = std::nullopt)
      : seconds(seconds), limit(work) {}
  static RunClock endless() { return RunClock(std::numeric_limits<double>::infinity()); }

  double secondsLeft() override {
    if (limit)
      return static_cast<double>(*limit - done) / workASecond;
    std::chrono::duration<double> gone = std::chrono::steady_clock::now() - begin;
    return seconds - gone.count();
  }
  void spend(Work work) override { done += work; }

  Work spent() const { return done; }
  bool countsWork() const override { return limit.has_value(); }
  /// So many seconds as a limit of work, where work is what counts.
  std::optional<Work> asWork(double share) const {
    return limit ? std::optional(static_cast<Work>(share * workASecond)) : std::nullopt;
  }

private:
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  double seconds;
  std::optional<Work> limit;
  Work done = 0;
};

/// At most so many seconds of another clock's.
class Share : public Clock {
public:
  Share(Clock &whole, double seconds)
      : whole(whole), rest(std::max(0.0, whole.secondsLeft() - seconds)) {}

  double secondsLeft() override { return whole.secondsLeft() - rest; }
  void spend(Work work) override { whole.spend(work); }
  bool countsWork() const override { return whole.countsWork(); }

private:
  Clock &whole;
  double rest; // not ours
};

} // namespace autopar::ilp

#endif // AUTOPAR_ILP_CLOCK_H
