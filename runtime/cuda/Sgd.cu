// See Sgd.h.
#include "autopar/cuda/Sgd.h"

#include "autopar/cuda/Elementwise.cuh"
#include "autopar/cuda/Update.cuh"

using namespace autopar::cuda;

namespace {

struct SgdStep {
  float scale;                  ///< of the gradient
  float rate, keep, take;       ///< the latter two of the velocity and of what is added to it
  float ofGradient, ofVelocity; ///< in the step

  __device__ float operator()(float parameter, float gradient, float weightDecay,
                              float (&velocity)[1]) const {
    if (scale == 0)
      return parameter; // A step to be skipped.
    const float d = scale * gradient + weightDecay * parameter;
    velocity[0] = keep * velocity[0] + take * d;
    return parameter - rate * (ofGradient * d + ofVelocity * velocity[0]);
  }
};

struct SgdRule {
  const float *lr;
  const int64_t *state;
  const float *factor;
  SgdStep rest;

  /// Nesterov's step is d + momentum v, the plain one v.
  SgdRule(const float *lr, const int64_t *state, const float *factor, double momentum,
          double dampening, bool nesterov)
      : lr(lr), state(state), factor(factor),
        rest{1,
             0,
             static_cast<float>(momentum),
             static_cast<float>(1 - dampening),
             nesterov ? 1.0f : 0.0f,
             nesterov ? static_cast<float>(momentum) : 1.0f} {}

  __device__ SgdStep step() const {
    SgdStep result = rest;
    result.rate = *lr;
    if (factor)
      result.scale = *factor;
    if (state && state[1] == 0)
      result.take = 1; // The velocity's first step.
    return result;
  }
};

} // namespace

void Sgd::operator()(const Context &context, const float *parameter, const float *gradient,
                     const float *lr, const float *factor, float *newParameter) const {
  const float decay = static_cast<float>(weightDecay);
  forEachElement(
      context, count,
      [=] __device__(int64_t, float parameter, float gradient) {
        const float scale = factor ? *factor : 1;
        return scale == 0 ? parameter
                          : parameter - *lr * (scale * gradient + decay * parameter);
      },
      newParameter, parameter, gradient);
}

void Sgd::update(const Context &context, const float *parameter, const float *gradient,
                 const float *lr, const float *velocity, const int64_t *state,
                 const float *factor, float *newParameter, float *newVelocity) const {
  const Update<1> update{count,        static_cast<float>(weightDecay),
                         parameter,    gradient,
                         {velocity},   newParameter,
                         {newVelocity}};
  updateAll<1>(context, {&update, 1},
               SgdRule(lr, state, factor, momentum, dampening, nesterov));
}

void SgdAll::update(const Context &context, const float *lr, const int64_t *state,
                    const float *factor) const {
  std::vector<Update<1>> updates;
  for (const Tensor &tensor : tensors) {
    const bool inPlace = !tensor.newParameter;
    updates.push_back({tensor.count,
                       static_cast<float>(tensor.weightDecay),
                       tensor.parameter,
                       tensor.gradient,
                       {tensor.velocity},
                       inPlace ? tensor.parameter : tensor.newParameter,
                       {inPlace ? tensor.velocity : tensor.newVelocity}});
  }
  updateAll<1>(context, updates, SgdRule(lr, state, factor, momentum, dampening, nesterov));
}
