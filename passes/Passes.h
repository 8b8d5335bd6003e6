// All passes, as the pipeline and autopar-opt see them.
#ifndef AUTOPAR_PASSES_PASSES_H
#define AUTOPAR_PASSES_PASSES_H

#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace autopar {

/// The functions of a program as it goes through the pipeline.
inline constexpr llvm::StringLiteral modelFunctionName = "model";
inline constexpr llvm::StringLiteral stepFunctionName = "step";
inline constexpr llvm::StringLiteral updateFunctionName = "update";
inline constexpr llvm::StringLiteral evaluateFunctionName = "evaluate";

/// The module's functions that are programs, a list of operations each. What is only declared, or
/// has several blocks, is none (verify-model says so).
inline auto programsOf(mlir::ModuleOp module) {
  return llvm::make_filter_range(
      module.getOps<mlir::func::FuncOp>(),
      [](mlir::func::FuncOp function) { return llvm::hasSingleElement(function.getBody()); });
}
/// The one of this name; null where there is none.
inline mlir::func::FuncOp findProgram(mlir::ModuleOp module, llvm::StringRef name) {
  for (mlir::func::FuncOp function : programsOf(module))
    if (function.getName() == name)
      return function;
  return {};
}

/// Whether an argument is a part of the batch, of which a rank may be given its own samples alone.
inline bool isOfBatch(mlir::BlockArgument argument) {
  auto function = llvm::cast<mlir::func::FuncOp>(argument.getOwner()->getParentOp());
  auto input = function.getArgAttrOfType<mlir::StringAttr>(argument.getArgNumber(),
                                                          graph::inputAttrName);
  return !input || (input.getValue() != graph::learningRateInput &&
                    input.getValue() != graph::stateInput);
}

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"

} // namespace autopar

#endif
