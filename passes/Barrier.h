// How a barrier looks at a program: function by function, from the arguments down.
#ifndef AUTOPAR_PASSES_BARRIER_H
#define AUTOPAR_PASSES_BARRIER_H

#include "passes/Passes.h"

namespace autopar {

/// Shows a `Verifier` of its own each program's arguments, then its operations, in order; it is
/// made of the function and `shared`. Fails where verify() does.
template <typename Verifier, typename... Shared>
mlir::LogicalResult verifyPrograms(mlir::ModuleOp module, Shared &...shared) {
  for (mlir::func::FuncOp function : programsOf(module)) {
    Verifier verifier(function, shared...);
    for (mlir::BlockArgument argument : function.getArguments())
      if (failed(verifier.verify(argument)))
        return mlir::failure();
    for (mlir::Operation &op : function.front())
      if (failed(verifier.verify(&op)))
        return mlir::failure();
  }
  return mlir::success();
}

} // namespace autopar

#endif
