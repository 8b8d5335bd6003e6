// What each operation's verifier cannot see of a program's size.
#ifndef AUTOPAR_PASSES_AUTODIFF_SIZES_H
#define AUTOPAR_PASSES_AUTODIFF_SIZES_H

#include "mlir/IR/BuiltinOps.h"

namespace autopar::autodiff {

/// Whether every function is a list of operations on tensors, and all values together are few
/// enough bytes that sums over them fit 64 bits.
mlir::LogicalResult checkSizes(mlir::ModuleOp module);

} // namespace autopar::autodiff

#endif
