// See Reduction.h; the kernels are in Reduction.cu.
#include "autopar/cuda/Reduction.h"

#include "autopar/cuda/ReductionBlocks.h"
#include "autopar/cuda/Workspace.h"

using namespace autopar::cuda;

size_t Sum::workspaceBytes() const {
  return alignUp(sizeof(double) * reductionOf(shape, dims).partials());
}
void Sum::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("Sum", workspaceBytes(), planned);
}

size_t Max::workspaceBytes() const {
  return alignUp(sizeof(float) * reductionOf(shape, dims).partials());
}
void Max::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("Max", workspaceBytes(), planned);
}
