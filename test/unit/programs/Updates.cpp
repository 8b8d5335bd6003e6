// Loops over parameters. See Updates.h.
#include "test/unit/programs/Updates.h"

#include <algorithm>
#include <cmath>

namespace autopar {

Tensors Sgd::update(Tensor parameter, const Tensor &gradient, double rate,
                    const Tensor *oldVelocity, double steps, double factor) const {
  Tensor velocity = oldVelocity ? *oldVelocity : Tensor();
  for (int64_t i = 0; i < parameter.size() && factor != 0; ++i) {
    double step = factor * gradient[i] + decay * parameter[i];
    if (oldVelocity) {
      velocity[i] = momentum * velocity[i] + (steps == 0 ? 1 : 1 - dampening) * step;
      step = nesterov ? step + momentum * velocity[i] : velocity[i];
    }
    parameter[i] -= rate * step;
  }
  if (oldVelocity)
    return {parameter, velocity};
  return {parameter};
}

Tensors AdamW::update(Tensor parameter, const Tensor &gradient, double rate, double step,
                      Tensor first, Tensor second, double factor) const {
  for (int64_t i = 0; i < parameter.size() && factor != 0; ++i) {
    double g = factor * gradient[i];
    first[i] = beta1 * first[i] + (1 - beta1) * g;
    second[i] = beta2 * second[i] + (1 - beta2) * g * g;
    double mean = first[i] / (1 - std::pow(beta1, step));
    double variance = second[i] / (1 - std::pow(beta2, step));
    parameter[i] *= 1 - rate * decay;
    parameter[i] -= rate * mean / (std::sqrt(variance) + epsilon);
  }
  return {parameter, first, second};
}

Tensor squareSum(const Tensor &x) {
  Tensor sum(Shape{});
  for (double value : x.values)
    sum[0] += value * value;
  return sum;
}
double clipFactor(double squares, double maximum) {
  return std::min(1.0, maximum / (std::sqrt(squares) + 1e-6));
}
double unscaleFactor(double squares, double scale, double maximum) {
  if (!std::isfinite(squares))
    return 0;
  return (maximum > 0 ? clipFactor(squares / (scale * scale), maximum) : 1) / scale;
}
Tensors nextLossScale(Tensor scale, Tensor goodSteps, Tensor skippedSteps, double factor,
                      double interval) {
  if (factor == 0) {
    scale[0] /= 2;
    goodSteps[0] = 0;
    ++skippedSteps[0];
  } else if (++goodSteps[0] >= interval) {
    if (std::isfinite(static_cast<float>(2 * scale[0])))
      scale[0] *= 2;
    goodSteps[0] = 0;
  }
  return {scale, goodSteps, skippedSteps};
}

Tensors stepsTaken(Tensor state, Tensor steps, double factor) {
  state[1] = steps[0];
  steps[0] += factor != 0;
  return {state, steps};
}

} // namespace autopar
