// A variable is one place of storage, which its name stands for.
#ifndef AUTOPAR_PASSES_AUTODIFF_VARIABLES_H
#define AUTOPAR_PASSES_AUTODIFF_VARIABLES_H

#include "mlir/IR/BuiltinOps.h"

namespace autopar::autodiff {

/// Whether each variable is read once in a function, and is the same in all functions: asked
/// of a model, and again once the optimizer has brought its own.
mlir::LogicalResult checkVariables(mlir::ModuleOp module);

} // namespace autopar::autodiff

#endif
