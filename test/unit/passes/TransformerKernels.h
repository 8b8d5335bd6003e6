// Reference kernels of the operations that transformers are made of, those among them that
// depend on where a rank's block lies in the whole. See Kernels.h.
#ifndef AUTOPAR_TEST_UNIT_PASSES_TRANSFORMERKERNELS_H
#define AUTOPAR_TEST_UNIT_PASSES_TRANSFORMERKERNELS_H

#include "Tensor.h"

#include "mlir/IR/Operation.h"

#include <optional>

namespace autopar {

/// The results of `rank`'s `op`; nullopt for an operation of another kind.
std::optional<Tensors> computeTransformer(mlir::Operation *op,
                                          llvm::ArrayRef<const Tensor *> operands,
                                          const Mesh &mesh, int64_t rank);

} // namespace autopar

#endif
