// Stochastic gradient descent's update of one parameter, and of all at once: see
// runtime/cpu/Sgd.h for the rule. All in f32.
#ifndef AUTOPAR_RUNTIME_CUDA_SGD_H
#define AUTOPAR_RUNTIME_CUDA_SGD_H

#include <cstdint>
#include <vector>

namespace autopar::cuda {

class Context;

/// The learning rate and the factor are read from device memory (one number each). Results may
/// be the operands they replace.
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
    (*this)(context, parameter, gradient, lr, velocity, nullptr, newParameter, newVelocity);
  }
  void operator()(const Context &context, const float *parameter, const float *gradient,
                  const float *lr, const float *velocity, const float *factor,
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
                  const float *factor = nullptr) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_SGD_H
