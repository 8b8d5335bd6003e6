// See Gelu.h.
#include "autopar/cpu/Gelu.h"

#include "autopar/cpu/Exponential.h"
#include "autopar/cpu/Rows.h"

using namespace autopar::cpu;

namespace {

constexpr float sqrtHalf = 0.707106781f;      // 1 / sqrt(2)
constexpr float sqrtTwoOverPi = 0.797884561f; // of the tanh approximation
constexpr float density = 0.398942280f;       // 1 / sqrt(2 π)
constexpr float cubic = 0.044715f;

/// Φ(x) and Φ'(x).
struct Exact {
  static float distribution(float x) { return 0.5f * (1.0f + erfOf(x * sqrtHalf)); }
  static float slope(float x) { return density * expOf(-0.5f * x * x); }
};

struct Approximate {
  /// (1 + tanh(u)) / 2 is the logistic function of 2u. Its tail r, on the side where it is
  /// small, keeps all digits: it is r or 1 - r, and (1 - tanh²(u)) / 4 is r (1 - r).
  float u, tail;

  explicit Approximate(float x)
      : u(sqrtTwoOverPi * (x + cubic * x * x * x)),
        tail(1.0f / (1.0f + expOf(2.0f * std::fabs(u)))) {}

  static float distribution(float x) {
    const Approximate at(x);
    return at.u > 0 ? 1.0f - at.tail : at.tail;
  }
  static float slope(float x) {
    const float r = Approximate(x).tail;
    return 2.0f * r * (1.0f - r) * sqrtTwoOverPi * (1.0f + 3.0f * cubic * x * x);
  }
};

template <class Form> void forward(int64_t count, const float *x, float *y) {
#pragma omp parallel for simd schedule(simd : static) if (parallel : count > serialElements)
  for (int64_t i = 0; i < count; ++i)
    y[i] = x[i] * Form::distribution(x[i]);
}

template <class Form> void backward(int64_t count, const float *dy, const float *x, float *dx) {
#pragma omp parallel for simd schedule(simd : static) if (parallel : count > serialElements)
  for (int64_t i = 0; i < count; ++i)
    dx[i] = dy[i] * (Form::distribution(x[i]) + x[i] * Form::slope(x[i]));
}

} // namespace

void Gelu::operator()(const float *x, float *y) const {
  if (tanh)
    forward<Approximate>(count, x, y);
  else
    forward<Exact>(count, x, y);
}

void GeluGrad::operator()(const float *dy, const float *x, float *dx) const {
  if (tanh)
    backward<Approximate>(count, dy, x, dx);
  else
    backward<Exact>(count, dy, x, dx);
}
