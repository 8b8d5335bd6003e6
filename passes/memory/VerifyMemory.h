// The check that every memory plan must pass, whoever made it.
#ifndef AUTOPAR_PASSES_MEMORY_VERIFYMEMORY_H
#define AUTOPAR_PASSES_MEMORY_VERIFYMEMORY_H

#include "mlir/IR/BuiltinOps.h"

namespace autopar::memory {

/// Runs the calls of each function on paper and fails, with an error at the call, where one
/// reads bytes that no longer hold what it expects, writes over its own operands or over those of
/// a collective that runs beside it, or leaves a variable with anything but its value.
llvm::LogicalResult verifyMemory(mlir::ModuleOp module);

} // namespace autopar::memory

#endif
