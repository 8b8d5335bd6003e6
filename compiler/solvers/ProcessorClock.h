// The clock that limits count by: processor time of the calling thread. On a machine that is busy
// with other things the same limit then allows the same work.

#ifndef AUTOPAR_COMPILER_SOLVERS_PROCESSORCLOCK_H
#define AUTOPAR_COMPILER_SOLVERS_PROCESSORCLOCK_H

#include <chrono>
#include <ctime>

#include <sys/resource.h>

namespace autopar {

/// One of std::chrono's clocks; its points mean something only to the thread that asked for them.
struct ProcessorClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<ProcessorClock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept {
    timespec time = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time_point(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
  }

  static double secondsSince(time_point begin) {
    return std::chrono::duration<double>(now() - begin).count();
  }
};

/// Processor time of this process and of its children that have ended, in seconds.
inline double processSeconds() {
  double seconds = 0;
  for (int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage = {};
    getrusage(who, &usage);
    for (const timeval &time : {usage.ru_utime, usage.ru_stime})
      seconds += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  }
  return seconds;
}

} // namespace autopar

#endif
