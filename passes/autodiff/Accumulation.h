// Gradients of several micro-batches: totals that stay from one to the next, and the function
// that updates parameters by them.
#ifndef AUTOPAR_PASSES_AUTODIFF_ACCUMULATION_H
#define AUTOPAR_PASSES_AUTODIFF_ACCUMULATION_H

#include "passes/autodiff/GradientFactor.h"

namespace autopar::autodiff {

/// A parameter, and the variable that its gradients are added to.
struct Total {
  graph::VariableOp parameter, gradient;
};

/// Emits the addition of one more gradient.
Total accumulate(mlir::OpBuilder &builder, graph::VariableOp parameter, mlir::Value gradient);

/// An empty @update behind `step`.
mlir::func::FuncOp makeUpdate(mlir::func::FuncOp step);

/// Emits the update of all parameters by their totals, which begin at zero again.
void fillUpdate(mlir::func::FuncOp update, mlir::ArrayRef<Total> totals,
                graph::OptimizerAttrInterface optimizer, LossScale lossScale,
                mlir::Value learningRate);

} // namespace autopar::autodiff

#endif
