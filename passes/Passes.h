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

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"

} // namespace autopar

#endif
