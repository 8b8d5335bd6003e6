// Stochastic gradient descent's update of one parameter, and of all at once: see
// runtime/cpu/Sgd.h for the rule. All in f32.
#ifndef AUTOPAR_RUNTIME_CUDA_SGD_H
#define AUTOPAR_RUNTIME_CUDA_SGD_H

#include <cstdint>
#include <vector>

namespace autopar::cuda {

class Context;

/// The learning rate, the state (two numbers) and the factor are read from device memory.
/// Results may be the operands they replace.
struct Sgd {
  int64_t count;
  double momentum = 0, dampening = 0, weightDecay = 0;
  bool nesterov = false;
  void operator()(const Context &context, const float *parameter, const float *gradient,
                  const float *lr, float *newParameter) const {
    (*this)(context, parameter, gradient, lr, nullptr, newParameter);
  }
  void operator()(const Context &context, const float *parameter, const float *gradient,
                  const float *lr, const float *factor, float *newParameter) const;
  void operator()(const Context &context, const float *parameter, const float *gradient,
                  const float *lr, const float *velocity, float *newParameter,
                  float *newVelocity) const {
    update(context, parameter, gradient, lr, velocity, nullptr, nullptr, newParameter,
           newVelocity);
  }
  void operator()(const Context &context, const float *parameter, const float *gradient,
                  const float *lr, const float *velocity, const float *factor,
                  float *newParameter, float *newVelocity) const {
    update(context, parameter, gradient, lr, velocity, nullptr, factor, newParameter,
           newVelocity);
  }
  void operator()(const Context &context, const float *parameter, const float *gradient,
                  const float *lr, const float *velocity, const int64_t *state,
                  float *newParameter, float *newVelocity) const {
    update(context, parameter, gradient, lr, velocity, state, nullptr, newParameter,
           newVelocity);
  }
  void operator()(const Context &context, const float *parameter, const float *gradient,
                  const float *lr, const float *velocity, const int64_t *state,
                  const float *factor, float *newParameter, float *newVelocity) const {
    update(context, parameter, gradient, lr, velocity, state, factor, newParameter,
           newVelocity);
  }

private:
  /// Without `state` no step is the velocity's first; without `factor` it is 1.
  void update(const Context &context, const float *parameter, const float *gradient,
              const float *lr, const float *velocity, const int64_t *state, const float *factor,
              float *newParameter, float *newVelocity) const;
};

/// Sgd with momentum of many parameters, in one launch for each 256 of them.
struct SgdAll {
  struct Tensor {
    int64_t count;
    double weightDecay;
    float *parameter;
    const float *gradient;
    float *velocity;
    float *newParameter = nullptr, *newVelocity = nullptr; ///< both null: in place
  };

  double momentum = 0, dampening = 0;
  bool nesterov = false;
  std::vector<Tensor> tensors = {};
  void operator()(const Context &context, const float *lr,
                  const float *factor = nullptr) const {
    update(context, lr, nullptr, factor);
  }
  void operator()(const Context &context, const float *lr, const int64_t *state,
                  const float *factor = nullptr) const {
    update(context, lr, state, factor);
  }

private:
  void update(const Context &context, const float *lr, const int64_t *state,
              const float *factor) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_SGD_H
