// See Gelu.h.
#include "autopar/cuda/Gelu.h"

#include "autopar/cuda/Elementwise.cuh"

using namespace autopar::cuda;

namespace {

/// Φ, the normal distribution's, and its derivative.
struct Exact {
  static __device__ float phi(float x) { return normcdff(x); }
  static __device__ float slope(float x) {
    constexpr float scale = 0.39894228f; // 1 / sqrt(2π)
    return scale * expf(-0.5f * x * x);
  }
};

/// (1 + tanh(u)) / 2 with u = sqrt(2/π) (x + 0.044715 x³), which is the logistic function of
/// 2u.
struct Approximate {
  static constexpr float factor = 0.79788456f, cubic = 0.044715f;

  static __device__ float phi(float x) {
    return 1 / (1 + expf(-2 * factor * (x + cubic * x * x * x)));
  }
  static __device__ float slope(float x) {
    const float p = phi(x);
    return 2 * factor * (1 + 3 * cubic * x * x) * p * (1 - p);
  }
};

template <class Phi> struct GeluElement {
  __device__ float operator()(int64_t, float x) const { return x * Phi::phi(x); }
};

template <class Phi> struct GeluGradElement {
  __device__ float operator()(int64_t, float dy, float x) const {
    const float slope = Phi::slope(x);
    return dy * (Phi::phi(x) + (slope == 0 ? 0 : x * slope)); // x may be infinite.
  }
};

} // namespace

template <class T> void Gelu::operator()(const Context &context, const T *x, T *y) const {
  if (tanh)
    forEachElement(context, count, GeluElement<Approximate>(), y, x);
  else
    forEachElement(context, count, GeluElement<Exact>(), y, x);
}

template <class T>
void GeluGrad::operator()(const Context &context, const T *dy, const T *x, T *dx) const {
  if (tanh)
    forEachElement(context, count, GeluGradElement<Approximate>(), dx, dy, x);
  else
    forEachElement(context, count, GeluGradElement<Exact>(), dx, dy, x);
}

#define INSTANTIATE(T)                                                                         \
  template void Gelu::operator()(const Context &, const T *, T *) const;                       \
  template void GeluGrad::operator()(const Context &, const T *, const T *, T *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
