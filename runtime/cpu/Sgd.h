// Stochastic gradient descent's update of one parameter, as PyTorch does it.
#ifndef AUTOPAR_RUNTIME_CPU_SGD_H
#define AUTOPAR_RUNTIME_CPU_SGD_H

#include <cstdint>

namespace autopar::cpu {

/// With d = gradient [factor] + weightDecay parameter, and without momentum:
///   newParameter = parameter - lr d
/// with momentum:
///   newVelocity  = momentum velocity + (1 - dampening) d, on the first step d
///   newParameter = parameter - lr (nesterov ? d + momentum newVelocity : newVelocity)
/// The learning rate and the factor are read from memory (one number each), for they change
/// from step to step. A factor of 0 is a step to be skipped: nothing changes. Results may be
/// the operands they replace.
///
/// The velocity starts at zero. Where there is dampening, `state` = {any, the steps that the
/// velocity has seen} tells the first; without it the first is like the others.
struct Sgd {
  int64_t count;
  double momentum = 0, dampening = 0, weightDecay = 0;
  bool nesterov = false;
  void operator()(const float *parameter, const float *gradient, const float *lr,
                  float *newParameter) const;
  void operator()(const float *parameter, const float *gradient, const float *lr,
                  const float *factor, float *newParameter) const;
  void operator()(const float *parameter, const float *gradient, const float *lr,
                  const float *velocity, float *newParameter, float *newVelocity) const;
  void operator()(const float *parameter, const float *gradient, const float *lr,
                  const float *velocity, const float *factor, float *newParameter,
                  float *newVelocity) const;
  void operator()(const float *parameter, const float *gradient, const float *lr,
                  const float *velocity, const int64_t *state, float *newParameter,
                  float *newVelocity) const;
  void operator()(const float *parameter, const float *gradient, const float *lr,
                  const float *velocity, const int64_t *state, const float *factor,
                  float *newParameter, float *newVelocity) const;

private:
  void update(const float *parameter, const float *gradient, float rate, const float *velocity,
              float scale, float take, float *newParameter, float *newVelocity) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_SGD_H
