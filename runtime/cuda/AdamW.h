// AdamW's update of one parameter, and of all at once: see runtime/cpu/AdamW.h for the rule.
// All in f32; lr, factor and state are read from device memory.
#ifndef AUTOPAR_RUNTIME_CUDA_ADAMW_H
#define AUTOPAR_RUNTIME_CUDA_ADAMW_H

#include <cstdint>
#include <vector>

namespace autopar::cuda {

class Context;

/// Results may be the operands they replace.
struct AdamW {
  int64_t count;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0;
  void operator()(const Context &context, const float *parameter, const float *gradient,
                  const float *lr, const int64_t *state, const float *m, const float *v,
                  float *newParameter, float *newM, float *newV) const;
  void operator()(const Context &context, const float *parameter, const float *gradient,
                  const float *lr, const int64_t *state, const float *m, const float *v,
                  const float *factor, float *newParameter, float *newM, float *newV) const;
};

/// AdamW of many parameters, in one launch for each 256 of them.
struct AdamWAll {
  struct Tensor {
    int64_t count;
    double weightDecay;
    float *parameter;
    const float *gradient;
    float *m, *v;
    float *newParameter = nullptr, *newM = nullptr, *newV = nullptr; ///< all null: in place
  };

  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  std::vector<Tensor> tensors = {};
  void operator()(const Context &context, const float *lr, const int64_t *state,
                  const float *factor = nullptr) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_ADAMW_H
