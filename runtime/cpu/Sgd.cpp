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
  update(parameter, gradient, *lr, velocity, *factor, static_cast<float>(1 - dampening),
         newParameter, newVelocity);
}

void Sgd::operator()(const float *parameter, const float *gradient, const float *lr,
                     const float *velocity, const int64_t *state, float *newParameter,
                     float *newVelocity) const {
  constexpr float asItIs = 1;
  (*this)(parameter, gradient, lr, velocity, state, &asItIs, newParameter, newVelocity);
}

void Sgd::operator()(const float *parameter, const float *gradient, const float *lr,
                     const float *velocity, const int64_t *state, const float *factor,
                     float *newParameter, float *newVelocity) const {
  update(parameter, gradient, *lr, velocity, *factor,
         state[1] == 0 ? 1 : static_cast<float>(1 - dampening), newParameter, newVelocity);
}

/// `take`: how much of what is added to the velocity it takes.
void Sgd::update(const float *parameter, const float *gradient, float rate,
                 const float *velocity, float scale, float take, float *newParameter,
                 float *newVelocity) const {
  const float decay = static_cast<float>(weightDecay);
  if (scale == 0) {
    std::memmove(newParameter, parameter, count * sizeof(float));
    std::memmove(newVelocity, velocity, count * sizeof(float));
    return;
  }
  const float keep = static_cast<float>(momentum);
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
