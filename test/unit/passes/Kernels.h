// What each operation of the graph dialect computes, written down as its definition says: the
// reference that gradients, fusion and partitioning are held against.
#ifndef AUTOPAR_TEST_UNIT_PASSES_KERNELS_H
#define AUTOPAR_TEST_UNIT_PASSES_KERNELS_H

#include "Tensor.h"

#include "mlir/IR/Operation.h"

namespace autopar {

/// The results of `rank`'s `op` on its operands. Variables and collectives are the
/// interpreter's.
Tensors compute(mlir::Operation *op, llvm::ArrayRef<const Tensor *> operands, const Mesh &mesh,
                int64_t rank);

} // namespace autopar

#endif
