// What the gradients of all parameters decide together before any is used: how far they are
// clipped, and what a scaled loss has multiplied them by.
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

/// Emits the factor that gradients are multiplied by, and what becomes of the loss scale that
/// they bear, where it is not null; null where there is neither that nor a largest norm (0).
mlir::Value emitGradientFactor(mlir::OpBuilder &builder, mlir::ValueRange gradients,
                               double largestNorm, mlir::Value lossScale);

} // namespace autopar::autodiff

#endif
