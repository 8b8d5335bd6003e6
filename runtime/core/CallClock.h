// Times every call of a step, in programs that are emitted for that alone (autopar-profile).
// Between two laps there is a call, and where a layer begins its mark; so the laps add up to the
// step.

#ifndef AUTOPAR_CORE_CALLCLOCK_H
#define AUTOPAR_CORE_CALLCLOCK_H

#include "autopar/core/Rank.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace autopar::inline runtime {

class CallClock {
public:
  /// Rank 0's times go to `file` when the clock is gone.
  CallClock(const Rank &rank, std::string file);
  /// Writes `{"steps": N, "calls": [{"name": …, "seconds": …}]}`: of each call, in order, the
  /// median over all steps but the first.
  ~CallClock();
  CallClock(const CallClock &) = delete;
  CallClock &operator=(const CallClock &) = delete;

  /// A step begins.
  void start();
  /// The call of this name has returned. Calls are the same in every step.
  void lap(std::string_view name);

private:
  using Clock = std::chrono::steady_clock;
  struct Call {
    std::string name;
    std::vector<double> seconds; ///< of each step
  };

  std::string file; ///< empty: nothing is written
  std::vector<Call> calls;
  size_t next = 0;
  Clock::time_point last;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CALLCLOCK_H
