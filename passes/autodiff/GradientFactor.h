// What the gradients of all parameters decide together before any is used: how far they are
// clipped, what a scaled loss has multiplied them by, and whether the step counts.
#ifndef AUTOPAR_PASSES_AUTODIFF_GRADIENTFACTOR_H
#define AUTOPAR_PASSES_AUTODIFF_GRADIENTFACTOR_H

#include "passes/Passes.h"

namespace autopar::autodiff {

/// The loss scale: a variable that every step reads and the update may change.
struct LossScale {
  /// 0: the loss is not scaled.
  double start = 0;

  /// Emits the variable's value, once in a function; null where the loss is not scaled.
  mlir::Value read(mlir::OpBuilder &builder) const;
};

/// Emits what the optimizer's updates by `gradients` share, and what becomes of the loss scale
/// that these bear, where it is not null.
graph::UpdateOperands emitUpdateOperands(mlir::OpBuilder &builder, mlir::ValueRange gradients,
                                         graph::OptimizerAttrInterface optimizer,
                                         mlir::Value learningRate, mlir::Value lossScale);

} // namespace autopar::autodiff

#endif
