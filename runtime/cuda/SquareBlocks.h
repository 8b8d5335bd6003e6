// How a sum of squares is shared out: by the count alone, so that every device adds alike.
#ifndef AUTOPAR_RUNTIME_CUDA_SQUAREBLOCKS_H
#define AUTOPAR_RUNTIME_CUDA_SQUAREBLOCKS_H

#include <algorithm>
#include <cstdint>

namespace autopar::cuda {

/// Blocks of threads, each of which leaves a partial sum.
inline int64_t squareBlocks(int64_t count) {
  constexpr int64_t worthABlock = 1 << 13, most = 1024;
  return std::clamp<int64_t>(count / worthABlock, 1, most);
}

/// Elements of a block of threads that sums many tensors: each block is one tensor's alone.
inline constexpr int64_t squareRun = 1 << 14;

/// Partial sums of one of many tensors.
inline int64_t squareRuns(int64_t count) { return (count + squareRun - 1) / squareRun; }

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_SQUAREBLOCKS_H
