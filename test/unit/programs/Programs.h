// Models as text, taken through passes, and random numbers to run them on.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_PROGRAMS_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_PROGRAMS_H

#include "passes/Passes.h"
#include "test/unit/programs/Tensor.h"

#include "mlir/IR/OwningOpRef.h"

#include <memory>
#include <random>

namespace autopar {

using Module = mlir::OwningOpRef<mlir::ModuleOp>;
using PassList = std::vector<std::unique_ptr<mlir::Pass>>;

template <typename... Passes> PassList passes(Passes... list) {
  PassList all;
  (all.push_back(std::move(list)), ...);
  return all;
}

/// A context with autopar's dialects, for as long as the tests run.
mlir::MLIRContext &context();
/// Text that does not parse fails the test.
Module parse(llvm::StringRef text);
/// Verified after each pass; a pass that fails fails the test.
void runPasses(mlir::ModuleOp module, PassList list);
/// A model named and differentiated; evaluation derived beside it.
Module trainingStep(llvm::StringRef model);
mlir::func::FuncOp function(mlir::ModuleOp module, llvm::StringRef name);

/// Values for `function`'s variables: of standard deviation 1, variances and second moments
/// positive, a loss's scale as it may be in training.
NamedTensors randomVariables(mlir::func::FuncOp function, std::mt19937 &random);
/// Images like variables; labels below `classes`, one in eight negative; tokens below
/// `classes`; a learning rate of 0.1.
NamedTensors randomInputs(mlir::func::FuncOp function, int classes, std::mt19937 &random);

} // namespace autopar

#endif
