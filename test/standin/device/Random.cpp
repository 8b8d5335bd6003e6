// See Random.h.
#include "standin/device/Random.h"

#include <cstdlib>

using standin::Random;

/// splitmix64 (Steele, Lea, Flood 2014).
uint64_t Random::below(uint64_t count) {
  uint64_t z = state += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return (z ^ (z >> 31)) % count;
}

Random &standin::random() {
  static Random ofProcess([] {
    const char *const seed = std::getenv("STANDIN_SEED");
    return seed ? std::strtoull(seed, nullptr, 10) : 1;
  }());
  return ofProcess;
}
