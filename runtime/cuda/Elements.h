// The element types of activations: float, bf16 and f16. Declared, not defined, so that the
// compiler reads the calls' headers without CUDA's.
#ifndef AUTOPAR_RUNTIME_CUDA_ELEMENTS_H
#define AUTOPAR_RUNTIME_CUDA_ELEMENTS_H

#include "autopar/core/DataType.h"

struct __nv_bfloat16;
struct __half;

namespace autopar::cuda {

using bf16 = __nv_bfloat16;
using f16 = __half;

template <class T> constexpr DataType typeOf();
template <> constexpr DataType typeOf<float>() { return DataType::F32; }
template <> constexpr DataType typeOf<bf16>() { return DataType::BF16; }
template <> constexpr DataType typeOf<f16>() { return DataType::F16; }

/// An operand of a call whose type was fixed when it was planned.
struct Operand {
  const void *data;
  DataType type;

  template <class T> Operand(const T *data) : data(data), type(typeOf<T>()) {}
};

/// \throws std::invalid_argument naming both types unless the operand is of the planned one.
void requireType(const char *call, const char *name, DataType planned, DataType given);

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_ELEMENTS_H
