// The first step of memory planning, still on values: copies where a value must be in two
// places.
#ifndef AUTOPAR_PASSES_MEMORY_COPIES_H
#define AUTOPAR_PASSES_MEMORY_COPIES_H

#include "dialects/graph/Graph.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace autopar::memory {

/// The value behind views of it.
mlir::Value behindViews(mlir::Value value);

/// Afterwards
/// - a variable is read by one operation of the function, and assigned at most once;
/// - a call that works in place is the last to read what it overwrites, which is no variable;
/// - the value that a variable is assigned can be computed in the variable's own storage: the
///   call that makes it comes after the last that reads the old value, or may overwrite it;
/// - nothing that the function returns or assigns is a variable's old value.
/// Fails where a variable is assigned that the function does not have.
llvm::LogicalResult insertCopies(mlir::func::FuncOp function);

} // namespace autopar::memory

#endif
