// Wall time that has gone by.

#ifndef AUTOPAR_CORE_SECONDS_H
#define AUTOPAR_CORE_SECONDS_H

#include <chrono>

namespace autopar::inline runtime {

inline double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_SECONDS_H
