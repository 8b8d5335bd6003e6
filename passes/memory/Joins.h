// Where computation waits for the collectives that run beside it: on values this follows from
// who reads them, in memory it must be said.
#ifndef AUTOPAR_PASSES_MEMORY_JOINS_H
#define AUTOPAR_PASSES_MEMORY_JOINS_H

#include "dialects/rt/Rt.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

namespace autopar::memory {

/// Of a function whose copies have been inserted (Copies.h). Computation waits for a collective
/// before the first call that reads what it writes, or writes over a variable that it reads,
/// and before the function returns. Collectives end in the order in which they start.
class Joins {
public:
  explicit Joins(mlir::func::FuncOp function);

  /// The call or return before which `collective` has ended; null for a call that does not run
  /// beside computation.
  mlir::Operation *endOf(mlir::Operation *collective) const { return ends.lookup(collective); }
  /// The collective that is waited for before `op`, if one is.
  rt::CallOp awaitedBefore(mlir::Operation *op) const { return awaited.lookup(op); }

private:
  llvm::DenseMap<mlir::Operation *, mlir::Operation *> ends;
  llvm::DenseMap<mlir::Operation *, rt::CallOp> awaited;
};

} // namespace autopar::memory

#endif
