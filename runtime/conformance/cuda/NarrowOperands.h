// Operands that are numbers of a narrow type to begin with, so that results differ from those
// in double precision by what the call itself rounds.
#ifndef AUTOPAR_RUNTIME_CONFORMANCE_CUDA_NARROWOPERANDS_H
#define AUTOPAR_RUNTIME_CONFORMANCE_CUDA_NARROWOPERANDS_H

#include "Random.h"
#include "Tensor.h"

#include "autopar/cuda/NarrowTypes.h"

namespace autopar::conformance {

/// The nearest number of T to each.
template <class T> std::vector<float> rounded(std::vector<float> values) {
  for (float &value : values)
    value = static_cast<float>(static_cast<T>(value));
  return values;
}

template <class T> Tensor<T> narrow(const std::vector<float> &values) {
  std::vector<T> narrowed;
  for (float value : values)
    narrowed.push_back(static_cast<T>(value));
  return Tensor<T>(narrowed);
}

template <class T> std::vector<float> widen(const Tensor<T> &tensor) {
  std::vector<float> widened;
  for (T value : tensor.values())
    widened.push_back(static_cast<float>(value));
  return widened;
}

/// The most that rounding to T is off, relative to the number.
template <class T> inline constexpr double unit = 0x1p-24;
template <> inline constexpr double unit<bf16> = 0x1p-8;
template <> inline constexpr double unit<f16> = 0x1p-11;

} // namespace autopar::conformance

#endif // AUTOPAR_RUNTIME_CONFORMANCE_CUDA_NARROWOPERANDS_H
