// e^x, tanh and erf without calls and branches, unlike the C library's, so that loops around
// them vectorize on any compiler. e^x and tanh are within 2 units in the last place; erf has an
// absolute error below 2e-7, which is what a sum around 1 keeps of it.
#ifndef AUTOPAR_RUNTIME_CPU_EXPONENTIAL_H
#define AUTOPAR_RUNTIME_CPU_EXPONENTIAL_H

#include <bit>
#include <cmath>
#include <cstdint>

namespace autopar::cpu {

/// e^x = fraction 2^power, fraction in [1/sqrt(2), sqrt(2)].
struct SplitExponential {
  float fraction, power;

  explicit SplitExponential(float x) {
    constexpr float log2e = 1.44269504f;
    // log(2) in two parts, the first of few bits, so that power times it is exact.
    constexpr float ln2High = 0.693359375f, ln2Low = -2.12194440e-4f;
    power = std::floor(x * log2e + 0.5f);
    const float r = (x - power * ln2High) - power * ln2Low; // |r| <= log(2)/2
    float series = 1.0f / 5040;
    series = series * r + 1.0f / 720;
    series = series * r + 1.0f / 120;
    series = series * r + 1.0f / 24;
    series = series * r + 1.0f / 6;
    series = series * r + 0.5f;
    series = series * r + 1.0f;
    fraction = series * r + 1.0f;
  }
};

/// e^x; 0 where that would be subnormal, infinite above 88.37. Of a NaN, a NaN.
inline float expOf(float x) {
  constexpr float least = -87.0f, most = 88.37f;
  const float above = x >= least ? x : least; // A NaN has no power of two.
  const SplitExponential split(above > most ? most : above);
  const float power = std::bit_cast<float>((static_cast<int32_t>(split.power) + 127) << 23);
  const float value = x < least ? 0.0f : split.fraction * power;
  return x > most ? INFINITY : x == x ? value : x;
}

/// 1 / (1 + e^-x)
inline float logistic(float x) { return 1.0f / (1.0f + expOf(-x)); }

/// 1 - 2 / (1 + e^2x), where that does not cancel; around 0 x + x³ P(x²), P a polynomial fitted
/// on [0, 5/8].
inline float tanhOf(float x) {
  const float magnitude = std::fabs(x), z = x * x;
  float p = -0.0057040429674088955f;
  p = p * z + 0.020637862384319305f;
  p = p * z - 0.05373915657401085f;
  p = p * z + 0.133314311504364f;
  p = p * z - 0.3333328068256378f;
  const float around0 = magnitude + magnitude * (z * p);
  const float beyond = 1.0f - 2.0f / (1.0f + expOf(2.0f * magnitude));
  return std::copysign(magnitude < 0.625f ? around0 : beyond, x);
}

/// erf(t) = 1 - e^(-t Q(t)) for t >= 0. Q(t) = -log(erfc(t)) / t is smooth: a polynomial fitted
/// on [0, 4], weighted by what it does to erf; beyond 4, erf is 1 in f32.
inline float erfOf(float x) {
  const float magnitude = std::fabs(x);
  const float t = magnitude > 4.0f ? 4.0f : magnitude;
  float q = -8.0438903751201e-06f;
  q = q * t + 0.00010602725524222478f;
  q = q * t - 0.0005879529053345323f;
  q = q * t + 0.0015767642762511969f;
  q = q * t - 5.878587035113014e-05f;
  q = q * t - 0.01921714097261429f;
  q = q * t + 0.10279920697212219f;
  q = q * t + 0.6366161108016968f;
  q = q * t + 1.1283793449401855f;
  const float value = 1.0f - expOf(-t * q);
  return std::copysign(value, x);
}

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_EXPONENTIAL_H
