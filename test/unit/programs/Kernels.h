// What each operation of the graph dialect computes, as its definition says: the reference that
// gradients, fusion, partitioning and calls are held against.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_KERNELS_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_KERNELS_H

#include "test/unit/programs/Place.h"

#include "mlir/IR/Operation.h"

namespace autopar {

/// The results of `op` on its operands. Variables and collectives are the interpreter's.
Tensors compute(mlir::Operation *op, llvm::ArrayRef<const Tensor *> operands, Place place);

} // namespace autopar

#endif
