// The pass lower-to-cuda: calls of cuDNN, cuBLASLt, own kernels and NCCL.
#include "passes/Passes.h"
#include "passes/lowering/calls/RuntimeCall.h"
#include "passes/lowering/cuda/Workspace.h"

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
  LogicalResult lower(ModuleOp module) {
    if (llvm::Error error = cuda_lowering::planForGpu(gpu))
      return module.emitError(llvm::toString(std::move(error)));
    return lowering::lowerToCalls(
        module, {rt::cudaTarget(), cuda_lowering::workspaceBytes,
                 deterministic ? lowering::SameBits::Everywhere
                               : lowering::SameBits::WhereRepeated});
  }
};

} // namespace
} // namespace autopar
