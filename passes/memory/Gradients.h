// Which values are parameters' gradients: for the report by kind, and for their names.
#ifndef AUTOPAR_PASSES_MEMORY_GRADIENTS_H
#define AUTOPAR_PASSES_MEMORY_GRADIENTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

#include <string>

namespace autopar::memory {

/// Gradients as updates read them, `conv1.weight.grad`, and the parts that these are put
/// together of by collectives, additions and copies, `conv1.weight.grad.part`.
llvm::DenseMap<mlir::Value, std::string> gradientsOf(mlir::func::FuncOp function);

} // namespace autopar::memory

#endif
