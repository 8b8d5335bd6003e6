// How sums over the rows of a matrix [rows, channels] are shared out. Each block of rows leaves
// partial sums in the workspace, which a second kernel adds in order. Blocks depend on the
// shape alone, so that the result is the same on every device.
#ifndef AUTOPAR_RUNTIME_CUDA_CHANNELSUMS_H
#define AUTOPAR_RUNTIME_CUDA_CHANNELSUMS_H

#include "autopar/cuda/Workspace.h"

#include <algorithm>
#include <cstdint>

namespace autopar::cuda {

struct RowBlocks {
  int64_t rows, blocks, rowsPerBlock;

  RowBlocks(int64_t rows, int64_t channels) : rows(rows) {
    constexpr int64_t stripChannels = 256;     // a thread block's share of a row, or less
    constexpr int64_t blockElements = 1 << 15; // less is not worth a block
    constexpr int64_t mostBlocks = 512;        // enough for 132 processors
    const int64_t strips = (channels + stripChannels - 1) / stripChannels;
    const int64_t wanted = rows * channels / blockElements / std::max<int64_t>(strips, 1);
    const int64_t most = std::max<int64_t>(1, mostBlocks / std::max<int64_t>(strips, 1));
    rowsPerBlock = std::max<int64_t>(1, rows / std::clamp<int64_t>(wanted, 1, most));
    blocks = std::max<int64_t>(1, (rows + rowsPerBlock - 1) / rowsPerBlock);
  }
};

/// Bytes for `count` sums a channel, in double precision.
inline size_t channelSumsBytes(int count, int64_t rows, int64_t channels) {
  return alignUp(sizeof(double) * count * RowBlocks(rows, channels).blocks * channels);
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CHANNELSUMS_H
