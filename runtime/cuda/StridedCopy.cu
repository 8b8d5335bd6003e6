// See StridedCopy.h. Where reads and writes run along different dimensions, tiles of these two
// go through shared memory, so that both are of neighbouring elements.
#include "autopar/cuda/StridedCopy.h"

#include "autopar/cuda/Kernel.cuh"

#include <utility>

using namespace autopar;
using namespace autopar::cuda;

namespace {

constexpr int tile = 32, tileRows = blockThreads / tile;

/// A tensor as [others..., rows, columns]: written along columns, read along rows where that
/// is faster.
struct Walk {
  Shape others, fromOthers, toOthers;
  int64_t rows, columns;
  int64_t fromRow, fromColumn, toRow, toColumn;
};

template <class T> __global__ void copyTilesKernel(Walk walk, const T *from, T *to) {
  __shared__ T shared[tile][tile + 1]; // One more, so that columns meet different banks.
  const int64_t acrossTiles = divideUp(walk.columns, tile);
  const int64_t tiles = divideUp(walk.rows, tile) * acrossTiles;
  const int64_t all = elements(walk.others) * tiles;
  const bool turn = walk.rows > 1 && walk.fromRow < walk.fromColumn; // Read along rows.
  for (int64_t t = blockIdx.x; t < all; t += gridDim.x) {
    int64_t other = t / tiles;
    const T *source = from;
    T *target = to;
    for (int d = walk.others.size() - 1; d >= 0; --d) {
      const int64_t index = other % walk.others[d];
      other /= walk.others[d];
      source += index * walk.fromOthers[d];
      target += index * walk.toOthers[d];
    }
    const int64_t row = t % tiles / acrossTiles * tile, column = t % acrossTiles * tile;
    __syncthreads(); // The tile before has been written.
    for (int y = threadIdx.y; y < tile; y += tileRows) {
      const int r = turn ? threadIdx.x : y, c = turn ? y : threadIdx.x;
      if (row + r < walk.rows && column + c < walk.columns)
        shared[r][c] = source[(row + r) * walk.fromRow + (column + c) * walk.fromColumn];
    }
    __syncthreads();
    for (int r = threadIdx.y; r < tile; r += tileRows) {
      const int c = threadIdx.x;
      if (row + r < walk.rows && column + c < walk.columns)
        target[(row + r) * walk.toRow + (column + c) * walk.toColumn] = shared[r][c];
    }
  }
}

/// Columns are the dimension with the least stride of `to`, rows that with the least of `from`,
/// or any other where that is the same.
Walk walkOf(const Shape &shape, const Shape &from, const Shape &to) {
  const auto least = [&](const Shape &strides, int butNot) {
    int best = -1;
    for (int d = shape.size() - 1; d >= 0; --d)
      if (d != butNot && shape[d] > 1 && (best < 0 || strides[d] < strides[best]))
        best = d;
    return best;
  };
  Walk walk{{}, {}, {}, 1, 1, 0, 0, 0, 0};
  const int columns = least(to, -1), rows = least(from, columns);
  if (columns >= 0) {
    walk.columns = shape[columns];
    walk.fromColumn = from[columns];
    walk.toColumn = to[columns];
  }
  if (rows >= 0) {
    walk.rows = shape[rows];
    walk.fromRow = from[rows];
    walk.toRow = to[rows];
  }
  for (int d = 0; d < shape.size(); ++d)
    if (d != rows && d != columns) {
      walk.others.push_back(shape[d]);
      walk.fromOthers.push_back(from[d]);
      walk.toOthers.push_back(to[d]);
    }
  return walk;
}

template <class T>
void copyTiles(const Stream &stream, const Walk &walk, const void *from, void *to) {
  const int64_t tiles =
      elements(walk.others) * divideUp(walk.rows, tile) * divideUp(walk.columns, tile);
  launch(copyTilesKernel<T>, std::clamp<int64_t>(tiles, 1, manyBlocks * 4),
         dim3(tile, tileRows), 0, stream, walk, static_cast<const T *>(from),
         static_cast<T *>(to));
  checkLaunch();
}

} // namespace

Shape autopar::cuda::denseStrides(const Shape &shape) {
  Shape strides = shape;
  int64_t stride = 1;
  for (int d = shape.size() - 1; d >= 0; --d)
    stride *= std::exchange(strides[d], stride);
  return strides;
}

void autopar::cuda::copyStrided(const Stream &stream, const Shape &shape, const void *from,
                                const Shape &fromStrides, void *to, const Shape &toStrides,
                                int width) {
  if (elements(shape) == 0)
    return;
  const Walk walk = walkOf(shape, fromStrides, toStrides);
  switch (width) {
  case 1:
    return copyTiles<uint8_t>(stream, walk, from, to);
  case 2:
    return copyTiles<uint16_t>(stream, walk, from, to);
  case 4:
    return copyTiles<uint32_t>(stream, walk, from, to);
  default:
    return copyTiles<uint64_t>(stream, walk, from, to);
  }
}
