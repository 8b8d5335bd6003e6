// What the passes share that make one call of several: what a call is configured to do, and
// where the one call may stand.
#ifndef AUTOPAR_PASSES_LOWERING_CUDA_FUSION_H
#define AUTOPAR_PASSES_LOWERING_CUDA_FUSION_H

#include "dialects/rt/Operands.h"

namespace autopar::cuda_lowering {

int64_t integer(rt::CallOp call, llvm::StringRef field);
/// Whether the field is there and set.
bool flag(rt::CallOp call, llvm::StringRef field);

/// The inputs of a call of the CUDA runtime's, in the order of its table.
llvm::SmallVector<mlir::Value> inOrder(const rt::Inputs &inputs, llvm::StringRef callee);

/// Whether the value is computed before `op`, in one block with it.
bool isThereBefore(mlir::Value value, mlir::Operation *op);
bool isReadBefore(mlir::Value value, mlir::Operation *op);

/// The variables among `values` stand before `op` afterwards.
void hoistVariables(llvm::ArrayRef<mlir::Value> values, mlir::Operation *op);

} // namespace autopar::cuda_lowering

#endif
