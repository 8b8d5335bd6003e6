// What dropout multiplies a run of elements by. Many draws of the generator at once; which
// elements are kept is core's DropoutMask, shared by all targets.
#ifndef AUTOPAR_RUNTIME_CPU_DROPOUTFACTORS_H
#define AUTOPAR_RUNTIME_CPU_DROPOUTFACTORS_H

#include "autopar/core/DropoutMask.h"

namespace autopar::cpu {

class DropoutFactors {
public:
  DropoutFactors(double rate, int64_t site, const int64_t *state)
      : mask(rate, site, state), scale(static_cast<float>(1 / (1 - rate))) {}

  /// factors[i] = 1 / (1 - rate) where element first + i of the whole tensor is kept, else 0.
  void operator()(int64_t first, int64_t count, float *factors) const;

private:
  DropoutMask mask;
  float scale;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_DROPOUTFACTORS_H
