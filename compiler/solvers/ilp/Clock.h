// What a run may take: seconds of processor time or, so that it can be repeated
// bit by bit, work, which is counted where it is done and is the same on every
// machine. The wall clock has no say: on a busy machine a plan is no worse.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_CLOCK_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_CLOCK_H

#include "compiler/solvers/ProcessorClock.h"

#include <algorithm>
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

class RunClock;

class Clock {
public:
  virtual ~Clock() = default;
  virtual double secondsLeft() = 0;
  virtual void spend(Work work) = 0;
  /// Seconds that a child process has used on this clock's account.
  virtual void pass(double seconds) = 0;
  /// Whether it is work that runs out, and not time.
  virtual bool countsWork() const = 0;

  /// Whether the run is to end, after `work` more has been done.
  bool expired(Work work = 0) {
    spend(work);
    return secondsLeft() <= 0;
  }

  /// For the calling thread, or a child process: a clock of its own, of what is left.
  RunClock rest();
};

/// Runs out after so many seconds of the thread that made it or, where that is given, so much
/// work.
class RunClock : public Clock {
public:
  explicit RunClock(double seconds, std::optional<Work> work = std::nullopt)
      : seconds(seconds), limit(work) {}
  static RunClock endless() { return RunClock(std::numeric_limits<double>::infinity()); }

  double secondsLeft() override {
    if (limit)
      return static_cast<double>(*limit - done) / workASecond;
    return seconds - elsewhere - ProcessorClock::secondsSince(begin);
  }
  void spend(Work work) override { done += work; }
  void pass(double gone) override { elsewhere += gone; }
  /// All that was passed.
  double passed() const { return elsewhere; }
  /// Goes on in the calling thread, which so far has used nothing: another has made it.
  void resume(double left) {
    seconds = left + elsewhere;
    begin = ProcessorClock::now();
  }

  Work spent() const { return done; }
  bool countsWork() const override { return limit.has_value(); }
  /// So many seconds as a limit of work, where work is what counts.
  std::optional<Work> asWork(double share) const {
    return limit ? std::optional(static_cast<Work>(share * workASecond)) : std::nullopt;
  }

private:
  ProcessorClock::time_point begin = ProcessorClock::now();
  double seconds, elsewhere = 0;
  std::optional<Work> limit;
  Work done = 0;
};

inline RunClock Clock::rest() {
  const double left = std::max(0.0, secondsLeft());
  return countsWork() ? RunClock(0, static_cast<Work>(left * workASecond)) : RunClock(left);
}

/// At most so many seconds of another clock's.
class Share : public Clock {
public:
  Share(Clock &whole, double seconds)
      : whole(whole), rest(std::max(0.0, whole.secondsLeft() - seconds)) {}

  double secondsLeft() override { return whole.secondsLeft() - rest; }
  void spend(Work work) override { whole.spend(work); }
  void pass(double gone) override { whole.pass(gone); }
  bool countsWork() const override { return whole.countsWork(); }

private:
  Clock &whole;
  double rest; // not ours
};

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_CLOCK_H
