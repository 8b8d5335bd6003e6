// See Sgd.h.
#include "autopar/cuda/Sgd.h"

#include "autopar/cuda/Elementwise.cuh"
#include "autopar/cuda/Update.cuh"

using namespace autopar::cuda;

namespace {

struct SgdStep {
  float rate, keep, take;       ///< the latter of the velocity and of the gradient
  float ofGradient, ofVelocity; ///< in the step

  __device__ float operator()(float parameter, float gradient, float weightDecay,
                              float (&velocity)[1]) const {
    const float d = gradient + weightDecay * parameter;
    velocity[0] = keep * velocity[0] + take * d;
    return parameter - rate * (ofGradient * d + ofVelocity * velocity[0]);
  }
};

struct SgdRule {
  const float *lr;
  SgdStep rest;

  /// Nesterov's step is d + momentum v, the plain one v.
  SgdRule(const float *lr, double momentum, double dampening, bool nesterov)
      : lr(lr), rest{0, static_cast<float>(momentum), static_cast<float>(1 - dampening),
                     nesterov ? 1.0f : 0.0f, nesterov ? static_cast<float>(momentum) : 1.0f} {}

  __device__ SgdStep step() const {
    SgdStep result = rest;
    result.rate = *lr;
    return result;
  }
};

} // namespace

void Sgd::operator()(const Context &context, const float *parameter, const float *gradient,
                     const float *lr, float *newParameter) const {
  const float decay = static_cast<float>(weightDecay);
  forEachElement(
      context, count,
      [=] __device__(int64_t, float parameter, float gradient) {
        return parameter - *lr * (gradient + decay * parameter);
      },
      newParameter, parameter, gradient);
}

void Sgd::operator()(const Context &context, const float *parameter, const float *gradient,
                     const float *lr, const float *velocity, float *newParameter,
                     float *newVelocity) const {
  const Update<1> update{count,        static_cast<float>(weightDecay),
                         parameter,    gradient,
                         {velocity},   newParameter,
                         {newVelocity}};
  updateAll<1>(context, {&update, 1}, SgdRule(lr, momentum, dampening, nesterov));
}

void SgdAll::operator()(const Context &context, const float *lr) const {
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
  updateAll<1>(context, updates, SgdRule(lr, momentum, dampening, nesterov));
}
