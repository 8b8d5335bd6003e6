// In place of Workspace.cpp where the compiler was built without the CUDA Toolkit.
#include "passes/lowering/cuda/Workspace.h"

namespace autopar::cuda_lowering {

static llvm::Error noToolkit() {
  return llvm::createStringError(
      "this compiler was built where there is no CUDA Toolkit, which "
      "says how much memory a GPU's calls need; install it with "
      "cuDNN and NCCL and build again, or use --target cpu");
}

llvm::Error planForGpu(llvm::StringRef) { return noToolkit(); }

llvm::Expected<int64_t> workspaceBytes(mlir::Operation *, llvm::StringRef, mlir::DictionaryAttr,
                                       mlir::TypeRange) {
  return noToolkit();
}

} // namespace autopar::cuda_lowering
