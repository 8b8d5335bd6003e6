// The learning rate of each step: a warm-up, then one of three schedules.

#ifndef AUTOPAR_CORE_LEARNINGRATE_H
#define AUTOPAR_CORE_LEARNINGRATE_H

#include <cstdint>

namespace autopar::inline runtime {

struct LearningRate {
  enum class Schedule : uint8_t { Constant, Cosine, Step };

  double base = 0.1;
  Schedule schedule = Schedule::Constant;
  int64_t steps = 1;    ///< of the whole run; where Cosine reaches 0
  int64_t warmup = 0;   ///< steps over which the rate rises linearly to base
  int64_t stepSize = 1; ///< steps between two of Step's cuts
  double gamma = 0.1;   ///< what one of Step's cuts multiplies by

  /// The rate of `step`, counted from 0.
  double at(int64_t step) const;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_LEARNINGRATE_H
