// See Elements.h.
#include "standin/device/Elements.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <bit>

namespace standin {

size_t bytesOf(Element type) {
  switch (type) {
  case Element::F64:
    return 8;
  case Element::F32:
  case Element::I32:
    return 4;
  case Element::BF16:
  case Element::F16:
    return 2;
  case Element::U8:
    return 1;
  }
  __builtin_unreachable();
}

double readElement(const void *elements, Element type, int64_t index) {
  switch (type) {
  case Element::F32:
    return static_cast<const float *>(elements)[index];
  case Element::F64:
    return static_cast<const double *>(elements)[index];
  case Element::BF16:
    return static_cast<float>(static_cast<const __nv_bfloat16 *>(elements)[index]);
  case Element::F16:
    return static_cast<float>(static_cast<const __half *>(elements)[index]);
  case Element::I32:
    return static_cast<const int32_t *>(elements)[index];
  case Element::U8:
    return static_cast<const uint8_t *>(elements)[index];
  }
  __builtin_unreachable();
}

void writeElement(void *elements, Element type, int64_t index, double value) {
  switch (type) {
  case Element::F32:
    static_cast<float *>(elements)[index] = static_cast<float>(value);
    return;
  case Element::F64:
    static_cast<double *>(elements)[index] = value;
    return;
  case Element::BF16:
    static_cast<__nv_bfloat16 *>(elements)[index] = __float2bfloat16_rn(value);
    return;
  case Element::F16:
    static_cast<__half *>(elements)[index] = __float2half_rn(value);
    return;
  case Element::I32:
    static_cast<int32_t *>(elements)[index] = static_cast<int32_t>(value);
    return;
  case Element::U8:
    static_cast<uint8_t *>(elements)[index] = static_cast<uint8_t>(value);
    return;
  }
}

double rounded(double value, Element type) {
  double room = 0;
  writeElement(&room, type, 0, value);
  return readElement(&room, type, 0);
}

float roundedToTf32(float value) {
  constexpr int dropped = 23 - 10;
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7f800000) == 0x7f800000)
    return value; // Infinite, or no number.
  bits += (1u << (dropped - 1)) - 1 + (bits >> dropped & 1);
  return std::bit_cast<float>(bits & ~((1u << dropped) - 1));
}

} // namespace standin
