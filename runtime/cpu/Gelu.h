// The Gaussian error linear unit, exact or in its tanh approximation, and its gradient.
#ifndef AUTOPAR_RUNTIME_CPU_GELU_H
#define AUTOPAR_RUNTIME_CPU_GELU_H

#include <cstdint>

namespace autopar::cpu {

/// y = x Φ(x), Φ being the normal distribution's (1 + erf(x / sqrt(2))) / 2; with `tanh`,
/// Φ(x) ≈ (1 + tanh(sqrt(2/π) (x + 0.044715 x³))) / 2. y may be x.
struct Gelu {
  int64_t count;
  bool tanh = false;
  void operator()(const float *x, float *y) const;
};

/// dx = dy times the derivative of that at x. dx may be dy or x.
struct GeluGrad {
  int64_t count;
  bool tanh = false;
  void operator()(const float *dy, const float *x, float *dx) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_GELU_H
