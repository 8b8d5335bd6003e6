// See AdamW.h.
#include "autopar/cuda/AdamW.h"

#include "autopar/cuda/Update.cuh"

using namespace autopar::cuda;

namespace {

struct AdamWStep {
  float keepM, takeM, keepV, takeV;
  float scale;  ///< of the gradient
  float rate;   ///< of the weight decay
  float step;   ///< lr / (1 - beta1^t)
  float ofRoot; ///< 1 / sqrt(1 - beta2^t)
  float least;

  __device__ float operator()(float parameter, float gradient, float weightDecay,
                              float (&moments)[2]) const {
    if (scale == 0)
      return parameter; // A step to be skipped.
    const float g = scale * gradient;
    moments[0] = keepM * moments[0] + takeM * g;
    moments[1] = keepV * moments[1] + takeV * g * g;
    return (1 - rate * weightDecay) * parameter -
           step * moments[0] / (sqrtf(moments[1]) * ofRoot + least);
  }
};

struct AdamWRule {
  double beta1, beta2, epsilon;
  const float *lr, *factor;
  const int64_t *state;

  __device__ AdamWStep step() const {
    const double t = static_cast<double>(state[1] + 1), rate = *lr;
    return {static_cast<float>(beta1),
            static_cast<float>(1 - beta1),
            static_cast<float>(beta2),
            static_cast<float>(1 - beta2),
            factor ? *factor : 1.0f,
            *lr,
            static_cast<float>(rate / (1 - pow(beta1, t))),
            static_cast<float>(1 / sqrt(1 - pow(beta2, t))),
            static_cast<float>(epsilon)};
  }
};

} // namespace

void AdamW::operator()(const Context &context, const float *parameter, const float *gradient,
                       const float *lr, const int64_t *state, const float *m, const float *v,
                       float *newParameter, float *newM, float *newV) const {
  (*this)(context, parameter, gradient, lr, state, m, v, nullptr, newParameter, newM, newV);
}

void AdamW::operator()(const Context &context, const float *parameter, const float *gradient,
                       const float *lr, const int64_t *state, const float *m, const float *v,
                       const float *factor, float *newParameter, float *newM,
                       float *newV) const {
  const Update<2> update{
      count,       static_cast<float>(weightDecay), parameter, gradient, {m, v}, newParameter,
      {newM, newV}};
  updateAll<2>(context, {&update, 1}, AdamWRule{beta1, beta2, epsilon, lr, factor, state});
}

void AdamWAll::operator()(const Context &context, const float *lr, const int64_t *state,
                          const float *factor) const {
  std::vector<Update<2>> updates;
  for (const Tensor &tensor : tensors) {
    const bool inPlace = !tensor.newParameter;
    updates.push_back({tensor.count,
                       static_cast<float>(tensor.weightDecay),
                       tensor.parameter,
                       tensor.gradient,
                       {tensor.m, tensor.v},
                       inPlace ? tensor.parameter : tensor.newParameter,
                       {inPlace ? tensor.m : tensor.newM, inPlace ? tensor.v : tensor.newV}});
  }
  updateAll<2>(context, updates, AdamWRule{beta1, beta2, epsilon, lr, factor, state});
}
