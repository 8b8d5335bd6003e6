// How a block of threads covers part of a matrix [rows, channels] whose channels have
// coefficients of their own: a thread owns N neighbouring channels, whose coefficients it keeps
// in registers, and walks down the rows.
//
//   channels 64 of bf16:    8 lanes of 8 channels, 32 rows at a time
//   channels 2048 of bf16: 32 lanes of 8 channels, 8 rows at a time, 8 strips side by side
#ifndef AUTOPAR_RUNTIME_CUDA_ROWS_CUH
#define AUTOPAR_RUNTIME_CUDA_ROWS_CUH

#include "autopar/cuda/Kernel.cuh"

namespace autopar::cuda {

struct Tiling {
  int64_t rows, channels, rowsPerBlock;
  dim3 grid, block; ///< x: lanes along a row, y: rows

  Tiling(int64_t rows, int64_t channels, int channelsPerThread, int64_t rowsPerBlock)
      : rows(rows), channels(channels), rowsPerBlock(rowsPerBlock) {
    const int64_t packs = divideUp(channels, channelsPerThread);
    unsigned lanes = 1;
    while (lanes < 32 && lanes < packs)
      lanes *= 2;
    block = dim3(lanes, blockThreads / lanes);
    grid = dim3(divideUp(packs, lanes), std::max<int64_t>(1, divideUp(rows, rowsPerBlock)));
  }
};

/// The tiling of a kernel that leaves no sums: enough blocks, and enough rows for each thread
/// that its coefficients are worth computing.
inline Tiling tilingOf(int64_t rows, int64_t channels, int channelsPerThread) {
  Tiling tiling(rows, channels, channelsPerThread, std::max<int64_t>(rows, 1));
  constexpr int64_t rowsPerThread = 8;
  tiling.rowsPerBlock = std::max<int64_t>(tiling.block.y * rowsPerThread,
                                          divideUp(rows * tiling.grid.x, manyBlocks));
  tiling.grid.y = std::max<int64_t>(1, divideUp(rows, tiling.rowsPerBlock));
  return tiling;
}

/// A thread's part: visit(offset) for each of its rows, offset being that of its first channel.
/// Loops without dependences from row to row are unrolled by `Unroll`, for loads in flight.
template <int Unroll, class Visit>
__device__ void forEachRow(const Tiling &tiling, int64_t channel, Visit visit) {
  const int64_t begin = blockIdx.y * tiling.rowsPerBlock;
  const int64_t end = min(tiling.rows, begin + tiling.rowsPerBlock);
#pragma unroll Unroll
  for (int64_t row = begin + threadIdx.y; row < end; row += blockDim.y)
    visit(row * tiling.channels + channel);
}

/// The first of this thread's channels; at or beyond `channels` it has none.
template <int N> __device__ int64_t firstChannel() {
  return (int64_t(blockIdx.x) * blockDim.x + threadIdx.x) * N;
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_ROWS_CUH
