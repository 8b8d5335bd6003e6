// The element types a buffer of an emitted program may hold. The names are
// those of the safetensors format, so that a checkpoint needs no translation.

#ifndef AUTOPAR_CORE_DATATYPE_H
#define AUTOPAR_CORE_DATATYPE_H

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace autopar::inline runtime {

enum class DataType : uint8_t { F32, F64, I32, U8, BF16, F16, I64 };

constexpr size_t bytesOf(DataType type) {
  switch (type) {
  case DataType::F32:
  case DataType::I32:
    return 4;
  case DataType::F64:
  case DataType::I64:
    return 8;
  case DataType::BF16:
  case DataType::F16:
    return 2;
  case DataType::U8:
    return 1;
  }
  __builtin_unreachable();
}

constexpr std::string_view nameOf(DataType type) {
  switch (type) {
  case DataType::F32:
    return "F32";
  case DataType::F64:
    return "F64";
  case DataType::I32:
    return "I32";
  case DataType::U8:
    return "U8";
  case DataType::BF16:
    return "BF16";
  case DataType::F16:
    return "F16";
  case DataType::I64:
    return "I64";
  }
  __builtin_unreachable();
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_DATATYPE_H
