// See CopyRows.h. A contiguous copy is the driver's; rows are moved by the widest unit that all
// of them are multiples of.
#include "autopar/cuda/CopyRows.h"

#include "autopar/cuda/Kernel.cuh"

using namespace autopar::cuda;

/// Sizes and strides in units.
template <class Unit>
static __global__ void copyRowsKernel(const Unit *from, int64_t fromStride, Unit *to,
                                      int64_t toStride, int64_t rows, int64_t units) {
  for (int64_t i = firstIndex(); i < rows * units; i += indexStride()) {
    const int64_t row = i / units, unit = i % units;
    to[row * toStride + unit] = from[row * fromStride + unit];
  }
}

template <class Unit>
static bool copyBy(const Stream &stream, const void *from, int64_t fromStride, void *to,
                   int64_t toStride, int64_t rows, int64_t rowBytes) {
  constexpr int64_t width = sizeof(Unit);
  if ((reinterpret_cast<uintptr_t>(from) | reinterpret_cast<uintptr_t>(to) | fromStride |
       toStride | rowBytes) %
      width)
    return false;
  launch(copyRowsKernel<Unit>, blocksFor(rows * rowBytes / width), blockThreads, 0, stream,
         static_cast<const Unit *>(from), fromStride / width, static_cast<Unit *>(to),
         toStride / width, rows, rowBytes / width);
  checkLaunch();
  return true;
}

void autopar::cuda::copyRows(const Stream &stream, const void *from, int64_t fromStride,
                             void *to, int64_t toStride, int64_t rows, int64_t rowBytes) {
  if (rows == 0 || rowBytes == 0)
    return;
  if (rows == 1 || (fromStride == rowBytes && toStride == rowBytes)) {
    check(cudaMemcpyAsync(to, from, rows * rowBytes, cudaMemcpyDeviceToDevice, stream));
    return;
  }
  copyBy<uint4>(stream, from, fromStride, to, toStride, rows, rowBytes) ||
      copyBy<uint32_t>(stream, from, fromStride, to, toStride, rows, rowBytes) ||
      copyBy<uint8_t>(stream, from, fromStride, to, toStride, rows, rowBytes);
}

void autopar::cuda::clearRows(const Stream &stream, void *to, int64_t stride, int64_t rows,
                              int64_t rowBytes) {
  if (rows && rowBytes)
    check(cudaMemset2DAsync(to, stride, 0, rowBytes, rows, stream));
}

/// Sizes and strides in elements.
template <class Bits>
static __global__ void fillRowsKernel(Bits *to, int64_t stride, int64_t rows, int64_t count,
                                      Bits value) {
  for (int64_t i = firstIndex(); i < rows * count; i += indexStride())
    to[i / count * stride + i % count] = value;
}

template <class Bits>
static void fill(const Stream &stream, void *to, int64_t stride, int64_t rows, int64_t rowBytes,
                 Bits value) {
  constexpr int64_t width = sizeof(Bits);
  if (rows == 0 || rowBytes == 0)
    return;
  launch(fillRowsKernel<Bits>, blocksFor(rows * rowBytes / width), blockThreads, 0, stream,
         static_cast<Bits *>(to), stride / width, rows, rowBytes / width, value);
  checkLaunch();
}
void autopar::cuda::fillRows(const Stream &stream, void *to, int64_t stride, int64_t rows,
                             int64_t rowBytes, uint16_t value) {
  fill(stream, to, stride, rows, rowBytes, value);
}
void autopar::cuda::fillRows(const Stream &stream, void *to, int64_t stride, int64_t rows,
                             int64_t rowBytes, uint32_t value) {
  fill(stream, to, stride, rows, rowBytes, value);
}
