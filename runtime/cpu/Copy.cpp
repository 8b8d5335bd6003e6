// See Copy.h.
#include "autopar/cpu/Copy.h"

#include "autopar/cpu/Rows.h"

#include <cstring>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <string>

using namespace autopar::cpu;

/// Calls `body(row, begin, bytes)` for pieces small enough to share out, whether there are many
/// short rows or one long one.
template <class Body> static void forEachPiece(int64_t rows, int64_t rowBytes, Body body) {
  constexpr int64_t pieceBytes = 64 << 10;
  const int64_t pieces = divideUp(rowBytes, pieceBytes);
#pragma omp parallel for collapse(2) schedule(static) if (rows * rowBytes > 2 * pieceBytes)
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t piece = 0; piece < pieces; ++piece)
      body(row, piece * pieceBytes, std::min(pieceBytes, rowBytes - piece * pieceBytes));
}

void autopar::cpu::copyRows(const void *from, int64_t fromStride, void *to, int64_t toStride,
                            int64_t rows, int64_t rowBytes) {
  forEachPiece(rows, rowBytes, [=](int64_t row, int64_t begin, int64_t bytes) {
    std::memcpy(static_cast<std::byte *>(to) + row * toStride + begin,
                static_cast<const std::byte *>(from) + row * fromStride + begin, bytes);
  });
}

void autopar::cpu::clearRows(void *to, int64_t stride, int64_t rows, int64_t rowBytes) {
  forEachPiece(rows, rowBytes, [=](int64_t row, int64_t begin, int64_t bytes) {
    std::memset(static_cast<std::byte *>(to) + row * stride + begin, 0, bytes);
  });
}

CopySlice::CopySlice(const Slice &slice) : offset(slice.offset), length(slice.length) {
  const int64_t rank = static_cast<int64_t>(slice.shape.size());
  if (slice.dim < 0 || slice.dim >= rank)
    throw std::invalid_argument("CopySlice: dimension " + std::to_string(slice.dim) +
                                " of a tensor of rank " + std::to_string(rank));
  const auto dim = slice.shape.begin() + slice.dim;
  extent = *dim;
  if (offset < 0 || length < 0 || offset + length > extent)
    throw std::invalid_argument("CopySlice: elements " + std::to_string(offset) + " to " +
                                std::to_string(offset + length) + " of a dimension of " +
                                std::to_string(extent));
  outer = std::accumulate(slice.shape.begin(), dim, int64_t(1), std::multiplies<>());
  inner = std::accumulate(dim + 1, slice.shape.end(), int64_t(1), std::multiplies<>());
}
