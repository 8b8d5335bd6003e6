// How much scratch memory a call of the CUDA runtime needs: asked of the runtime itself, whose
// libraries plan for a GPU that need not be here.
#ifndef AUTOPAR_PASSES_LOWERING_CUDA_WORKSPACE_H
#define AUTOPAR_PASSES_LOWERING_CUDA_WORKSPACE_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include "llvm/Support/Error.h"

namespace autopar::cuda_lowering {

/// Calls asked about from now on plan for this GPU: `h100`, `a100`, or a JSON file of its
/// properties as cuDNN gives them.
llvm::Error planForGpu(llvm::StringRef nameOrFile);

/// Bytes of workspace of the call that `op` becomes, on inputs of these types; what the runtime
/// says against the configuration where it refuses it.
llvm::Expected<int64_t> workspaceBytes(mlir::Operation *op, llvm::StringRef callee,
                                       mlir::DictionaryAttr config, mlir::TypeRange inputs);

} // namespace autopar::cuda_lowering

#endif
