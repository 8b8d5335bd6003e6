// Rows of bytes from one place of device memory to another: what slices, concatenations and the
// packing of messages are made of.
#ifndef AUTOPAR_RUNTIME_CUDA_COPYROWS_H
#define AUTOPAR_RUNTIME_CUDA_COPYROWS_H

#include "autopar/cuda/Stream.h"

#include <cstdint>

namespace autopar::cuda {

/// `rows` times `rowBytes` bytes, that lie `fromStride` and `toStride` bytes apart.
void copyRows(const Stream &stream, const void *from, int64_t fromStride, void *to,
              int64_t toStride, int64_t rows, int64_t rowBytes);

/// Zeros in `rows` times `rowBytes` bytes, `stride` bytes apart.
void clearRows(const Stream &stream, void *to, int64_t stride, int64_t rows, int64_t rowBytes);

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_COPYROWS_H
