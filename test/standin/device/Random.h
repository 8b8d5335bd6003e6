// Where the stand-in may choose, as a GPU does in ways that nobody can foresee, it draws. The
// seed is STANDIN_SEED of the environment, or 1, so that a run can be repeated.
#ifndef AUTOPAR_TEST_STANDIN_DEVICE_RANDOM_H
#define AUTOPAR_TEST_STANDIN_DEVICE_RANDOM_H

#include <cstdint>

namespace standin {

class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  /// A number of 0 to count - 1.
  uint64_t below(uint64_t count);

private:
  uint64_t state;
};

/// The process's own.
Random &random();

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_DEVICE_RANDOM_H
