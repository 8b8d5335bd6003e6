// How much scratch memory a call of the CPU runtime needs: asked of the runtime itself, which
// is linked into the compiler, so that the plan is the run's own figure.
#ifndef AUTOPAR_PASSES_LOWERING_CPU_WORKSPACE_H
#define AUTOPAR_PASSES_LOWERING_CPU_WORKSPACE_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include "llvm/Support/Error.h"

namespace autopar::cpu_lowering {

/// Calls asked about from now on plan for so many threads a rank.
void planForThreads(int threads);

/// Bytes of workspace of the call that `op` becomes, on inputs of these types; what the runtime
/// says against the configuration where it refuses it.
llvm::Expected<int64_t> workspaceBytes(mlir::Operation *op, llvm::StringRef callee,
                                       mlir::DictionaryAttr config, mlir::TypeRange inputs);

} // namespace autopar::cpu_lowering

#endif
