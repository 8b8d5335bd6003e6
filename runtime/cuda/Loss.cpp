// See Loss.h; the kernels are in Loss.cu.
#include "autopar/cuda/Loss.h"

#include "autopar/cuda/Workspace.h"

using namespace autopar::cuda;

size_t SoftmaxCrossEntropy::workspaceBytes() const { return alignUp(batch * sizeof(double)); }

void SoftmaxCrossEntropy::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("SoftmaxCrossEntropy", workspaceBytes(), planned);
}
