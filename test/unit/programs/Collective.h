// Collectives, whether as operations or as calls: what each rank of a group then holds.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_COLLECTIVE_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_COLLECTIVE_H

#include "test/unit/programs/Tensor.h"

#include "mlir/IR/Operation.h"

#include <functional>
#include <optional>

namespace autopar {

struct Collective {
  Axes axes;
  /// What the rank at `at` of a group holds of tensor `index` of the bucket, where the group
  /// held `held` before.
  std::function<Tensor(int64_t index, llvm::ArrayRef<Tensor> held, int64_t at)> run;
};

/// nullopt for an operation that each rank does for itself. A rank's own block counts as a
/// collective, for it depends on the group.
std::optional<Collective> collectiveOf(mlir::Operation *op);

} // namespace autopar

#endif
