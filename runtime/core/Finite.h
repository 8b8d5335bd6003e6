// Whether all of many numbers are finite.

#ifndef AUTOPAR_CORE_FINITE_H
#define AUTOPAR_CORE_FINITE_H

#include "autopar/core/DataType.h"

#include <cstring>
#include <span>

namespace autopar::inline runtime {

/// Numbers of `Bits` each; one is not finite where all bits of its exponent are set. Compares as
/// integers, many at a time.
template <typename Bits> bool areFinite(std::span<const std::byte> numbers, Bits exponent) {
  bool finite = true;
  for (size_t i = 0; i + sizeof(Bits) <= numbers.size(); i += sizeof(Bits)) {
    Bits bits;
    std::memcpy(&bits, numbers.data() + i, sizeof bits);
    finite &= (bits & exponent) != exponent;
  }
  return finite;
}

/// True of whole numbers.
inline bool areFinite(std::span<const std::byte> numbers, DataType type) {
  switch (type) {
  case DataType::F32:
    return areFinite<uint32_t>(numbers, 0x7F800000);
  case DataType::F64:
    return areFinite<uint64_t>(numbers, 0x7FF0000000000000);
  case DataType::BF16:
    return areFinite<uint16_t>(numbers, 0x7F80);
  case DataType::F16:
    return areFinite<uint16_t>(numbers, 0x7C00);
  case DataType::I32:
  case DataType::I64:
  case DataType::U8:
    return true;
  }
  __builtin_unreachable();
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_FINITE_H
