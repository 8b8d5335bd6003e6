// See LayerNorm.h; the kernels are in LayerNorm.cu.
#include "autopar/cuda/LayerNorm.h"

#include "autopar/cuda/ChannelSums.h"

using namespace autopar::cuda;

size_t LayerNormGradParameters::workspaceBytes() const {
  return channelSumsBytes(2, rows, channels);
}

void LayerNormGradParameters::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("LayerNormGradParameters", workspaceBytes(), planned);
}
