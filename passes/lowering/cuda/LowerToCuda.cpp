// The pass lower-to-cuda: calls of cuDNN, cuBLASLt, own kernels and NCCL.
#include "passes/Passes.h"
#include "passes/lowering/calls/RuntimeCall.h"
#ifdef AUTOPAR_HAVE_CUDA
#include "passes/lowering/cuda/Workspace.h"
#endif

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_LOWERTOCUDA
#include "passes/Passes.h.inc"

namespace {

class LowerToCuda : public impl::LowerToCudaBase<LowerToCuda> {
public:
  using LowerToCudaBase::LowerToCudaBase;

  void runOnOperation() override {
    if (failed(lower(getOperation())))
      signalPassFailure();
  }

private:
#ifdef AUTOPAR_HAVE_CUDA
  LogicalResult lower(ModuleOp module) {
    if (llvm::Error error = cuda_lowering::planForGpu(gpu))
      return module.emitError(llvm::toString(std::move(error)));
    return lowering::lowerToCalls(module, {rt::cudaTarget(), cuda_lowering::workspaceBytes});
  }
#else
  LogicalResult lower(ModuleOp module) {
    return module.emitError(
        "this compiler was built where there is no CUDA Toolkit, which says "
        "how much memory a GPU's calls need; install it with cuDNN and NCCL "
        "and build again, or use --target cpu");
  }
#endif
};

} // namespace
} // namespace autopar
