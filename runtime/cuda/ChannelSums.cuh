// The kernels of ChannelSums.h.
#ifndef AUTOPAR_RUNTIME_CUDA_CHANNELSUMS_CUH
#define AUTOPAR_RUNTIME_CUDA_CHANNELSUMS_CUH

#include "autopar/cuda/ChannelSums.h"
#include "autopar/cuda/Context.h"
#include "autopar/cuda/Rows.cuh"

namespace autopar::cuda {

/// Terms::Channels<N> is what a thread keeps of its channels: all threads of a block construct
/// theirs from the terms, and those that have channels add the terms of N elements of a row by
/// add(row, offset, group[Count][N]) of type Terms::Term. A few rows are added in that type
/// before they go to double precision.
template <int Count, int N, class Terms>
__global__ void __launch_bounds__(blockThreads)
    partialSumsKernel(Tiling tiling, Terms terms, double *partial) {
  constexpr int groupRows = 4;
  using Term = typename Terms::Term;
  __shared__ double shared[Count * N][blockThreads];
  const int thread = threadIdx.y * blockDim.x + threadIdx.x;
  const int64_t channel = firstChannel<N>();

  double sums[Count][N] = {};
  const typename Terms::template Channels<N> channels(terms);
  if (channel < tiling.channels) {
    const int64_t begin = blockIdx.y * tiling.rowsPerBlock;
    const int64_t end = min(tiling.rows, begin + tiling.rowsPerBlock);
    const int64_t step = blockDim.y;
    int64_t row = begin + threadIdx.y;
    const auto addRows = [&](auto rows) {
      Term group[Count][N] = {};
#pragma unroll
      for (int k = 0; k < rows; ++k)
        channels.add(row + k * step, (row + k * step) * tiling.channels + channel, group);
#pragma unroll
      for (int s = 0; s < Count; ++s)
#pragma unroll
        for (int i = 0; i < N; ++i)
          sums[s][i] += group[s][i];
    };
    for (; row + (groupRows - 1) * step < end; row += groupRows * step)
      addRows(std::integral_constant<int, groupRows>());
    for (; row < end; row += step)
      addRows(std::integral_constant<int, 1>());
  }

  for (int s = 0; s < Count; ++s)
    for (int i = 0; i < N; ++i)
      shared[s * N + i][thread] = sums[s][i];
  __syncthreads();
  const int results = Count * N * blockDim.x;
  for (int r = thread; r < results; r += blockThreads) {
    const int lane = r % blockDim.x, sum = r / blockDim.x; // sum = s * N + i
    const int64_t c = (int64_t(blockIdx.x) * blockDim.x + lane) * N + sum % N;
    if (c >= tiling.channels)
      continue;
    double total = 0;
    for (unsigned y = 0; y < blockDim.y; ++y)
      total += shared[sum][y * blockDim.x + lane];
    partial[(int64_t(blockIdx.y) * Count + sum / N) * tiling.channels + c] = total;
  }
}

/// Adds the partial sums of 32 channels a block, and calls finish(channel, sums).
template <int Count, class Finish>
__global__ void __launch_bounds__(blockThreads)
    finishSumsKernel(int64_t channels, int64_t blocks, const double *partial, Finish finish) {
  constexpr int ways = blockThreads / 32;
  __shared__ double shared[Count][ways][32];
  const int64_t c = int64_t(blockIdx.x) * 32 + threadIdx.x;
  double sums[Count] = {};
  if (c < channels)
    for (int64_t block = threadIdx.y; block < blocks; block += ways)
      for (int s = 0; s < Count; ++s)
        sums[s] += partial[(block * Count + s) * channels + c];
  for (int s = 0; s < Count; ++s)
    shared[s][threadIdx.y][threadIdx.x] = sums[s];
  __syncthreads();
  if (threadIdx.y != 0 || c >= channels)
    return;
  for (int s = 0; s < Count; ++s) {
    sums[s] = 0;
    for (int way = 0; way < ways; ++way)
      sums[s] += shared[s][way][threadIdx.x];
  }
  finish(c, sums);
}

/// Sums of `Count` terms an element over the rows of each channel; N elements at once.
/// `workspace` holds channelSumsBytes(Count, rows, channels).
template <int Count, int N, class Terms, class Finish>
void channelSums(const Context &context, int64_t rows, int64_t channels, const Terms &terms,
                 const Finish &finish, void *workspace) {
  if (channels == 0)
    return;
  double *const partial = static_cast<double *>(workspace);
  const RowBlocks share(rows, channels);
  const Tiling tiling(rows, channels, N, share.rowsPerBlock);
  launch(partialSumsKernel<Count, N, Terms>, tiling.grid, tiling.block, 0, context.compute,
         tiling, terms, partial);
  checkLaunch();
  launch(finishSumsKernel<Count, Finish>, divideUp(channels, 32), dim3(32, blockThreads / 32),
         0, context.compute, channels, share.blocks, partial, finish);
  checkLaunch();
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CHANNELSUMS_CUH
