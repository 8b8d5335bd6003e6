// See BatchNorm.h; the kernels are in BatchNorm.cu.
#include "autopar/cuda/BatchNorm.h"

#include "autopar/cuda/ChannelSums.h"

using namespace autopar::cuda;

size_t BatchNormStats::workspaceBytes() const { return channelSumsBytes(2, rows, channels); }

void BatchNormStats::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("BatchNormStats", workspaceBytes(), planned);
}

size_t BatchNormGradSums::workspaceBytes() const { return channelSumsBytes(2, rows, channels); }

void BatchNormGradSums::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("BatchNormGradSums", workspaceBytes(), planned);
}

size_t BatchNormReluGradSums::workspaceBytes() const {
  return channelSumsBytes(2, rows, channels);
}

void BatchNormReluGradSums::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("BatchNormReluGradSums", workspaceBytes(), planned);
}

size_t BatchNormAddReluGradSums::workspaceBytes() const {
  return channelSumsBytes(2, rows, channels);
}

void BatchNormAddReluGradSums::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("BatchNormAddReluGradSums", workspaceBytes(), planned);
}
