// Rows of bytes from one place of device memory to another: what slices, concatenations and the
// packing of messages are made of. And rows of one number.
#ifndef AUTOPAR_RUNTIME_CUDA_COPYROWS_H
#define AUTOPAR_RUNTIME_CUDA_COPYROWS_H

#include "autopar/cuda/Stream.h"

#include <bit>
#include <cstdint>
#include <type_traits>

namespace autopar::cuda {

/// `rows` times `rowBytes` bytes, that lie `fromStride` and `toStride` bytes apart.
void copyRows(const Stream &stream, const void *from, int64_t fromStride, void *to,
              int64_t toStride, int64_t rows, int64_t rowBytes);

/// Zeros in `rows` times `rowBytes` bytes, `stride` bytes apart.
void clearRows(const Stream &stream, void *to, int64_t stride, int64_t rows, int64_t rowBytes);

/// A number of 2 or 4 bytes in `rows` times `rowBytes` bytes, `stride` bytes apart.
void fillRows(const Stream &stream, void *to, int64_t stride, int64_t rows, int64_t rowBytes,
              uint16_t value);
void fillRows(const Stream &stream, void *to, int64_t stride, int64_t rows, int64_t rowBytes,
              uint32_t value);
template <class T>
void fillRows(const Stream &stream, T *to, int64_t stride, int64_t rows, int64_t rowBytes,
              T value) {
  using Bits = std::conditional_t<sizeof(T) == 2, uint16_t, uint32_t>;
  fillRows(stream, static_cast<void *>(to), stride, rows, rowBytes, std::bit_cast<Bits>(value));
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_COPYROWS_H
