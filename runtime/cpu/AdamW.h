// AdamW's update of one parameter, as torch.optim.AdamW does it.
#ifndef AUTOPAR_RUNTIME_CPU_ADAMW_H
#define AUTOPAR_RUNTIME_CPU_ADAMW_H

#include <cstdint>

namespace autopar::cpu {

/// With g = gradient [factor], and t = state[1] + 1 the number of this update from 1:
///   newM = beta1 m + (1 - beta1) g,  newV = beta2 v + (1 - beta2) g²
///   newParameter = parameter (1 - lr weightDecay)
///                  - lr (newM / (1 - beta1^t)) / (sqrt(newV / (1 - beta2^t)) + epsilon)
/// lr and factor are read from memory (one number each). A factor of 0 is a step to be skipped:
/// nothing changes. Results may be the operands they replace.
struct AdamW {
  int64_t count;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0;
  void operator()(const float *parameter, const float *gradient, const float *lr,
                  const int64_t *state, const float *m, const float *v, float *newParameter,
                  float *newM, float *newV) const;
  void operator()(const float *parameter, const float *gradient, const float *lr,
                  const int64_t *state, const float *m, const float *v, const float *factor,
                  float *newParameter, float *newM, float *newV) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_ADAMW_H
