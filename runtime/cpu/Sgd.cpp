// See Sgd.h.
#include "autopar/cpu/Sgd.h"

#include "autopar/cpu/Rows.h"

#include <cstring>

using namespace autopar::cpu;

void Sgd::operator()(const float *parameter, const float *gradient, const float *lr,
                     float *newParameter) const {
  constexpr float asItIs = 1;
  (*this)(parameter, gradient, lr, &asItIs, newParameter);
}

void Sgd::operator()(const float *parameter, const float *gradient, const float *lr,
                     const float *factor, float *newParameter) const {
  const float rate = *lr, scale = *factor, decay = static_cast<float>(weightDecay);
  if (scale == 0) {
    std::memmove(newParameter, parameter, count * sizeof(float));
    return;
  }
#pragma omp parallel for simd schedule(simd : static) if (parallel : count > serialElements)
  for (int64_t i = 0; i < count; ++i)
    newParameter[i] = parameter[i] - rate * (scale * gradient[i] + decay * parameter[i]);
}

void Sgd::operator()(const float *parameter, const float *gradient, const float *lr,
                     const float *velocity, float *newParameter, float *newVelocity) const {
  constexpr float asItIs = 1;
  (*this)(parameter, gradient, lr, velocity, &asItIs, newParameter, newVelocity);
}

void Sgd::operator()(const float *parameter, const float *gradient, const float *lr,
                     const float *velocity, const float *factor, float *newParameter,
                     float *newVelocity) const {
  const float rate = *lr, scale = *factor, decay = static_cast<float>(weightDecay);
  if (scale == 0) {
    std::memmove(newParameter, parameter, count * sizeof(float));
    std::memmove(newVelocity, velocity, count * sizeof(float));
    return;
  }
  const float keep = static_cast<float>(momentum), take = static_cast<float>(1 - dampening);
  // Nesterov's step is d + momentum v, the plain one v.
  const float ofGradient = nesterov ? 1 : 0, ofVelocity = nesterov ? keep : 1;
#pragma omp parallel for simd schedule(simd : static) if (parallel : count > serialElements)
  for (int64_t i = 0; i < count; ++i) {
    const float d = scale * gradient[i] + decay * parameter[i];
    const float v = keep * velocity[i] + take * d;
    newVelocity[i] = v;
    newParameter[i] = parameter[i] - rate * (ofGradient * d + ofVelocity * v);
  }
}
