// What memory is planned for, and what passes over calls change: calls on values, views, variables and
// their assignments, and nothing else.
#ifndef AUTOPAR_PASSES_MEMORY_LOWERED_H
#define AUTOPAR_PASSES_MEMORY_LOWERED_H

#include "mlir/IR/BuiltinOps.h"

namespace autopar::memory {

/// Fails with an error at each operation that is another.
llvm::LogicalResult verifyLowered(mlir::ModuleOp module);

} // namespace autopar::memory

#endif
