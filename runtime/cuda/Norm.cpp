// See Norm.h; the kernels are in Norm.cu.
#include "autopar/cuda/Norm.h"

#include "autopar/cuda/SquareBlocks.h"
#include "autopar/cuda/Workspace.h"

using namespace autopar::cuda;

size_t SquareSum::workspaceBytes() const {
  return alignUp(squareBlocks(count) * sizeof(double));
}

void SquareSum::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("SquareSum", workspaceBytes(), planned);
}

size_t SquareSumAll::workspaceBytes() const {
  int64_t partials = 0;
  for (const Tensor &tensor : tensors)
    partials += squareRuns(tensor.count);
  return alignUp(partials * sizeof(double));
}

void SquareSumAll::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("SquareSumAll", workspaceBytes(), planned);
}
