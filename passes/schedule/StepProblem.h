// A rank's step as a scheduling problem, and an order of it as a program again.
#ifndef AUTOPAR_PASSES_SCHEDULE_STEPPROBLEM_H
#define AUTOPAR_PASSES_SCHEDULE_STEPPROBLEM_H

#include "compiler/cost/CostModel.h"
#include "compiler/solvers/schedule/Problem.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace autopar {

class StepProblem {
public:
  /// `function` is a function of the program after partition. Bytes
  /// are those of values that do not stay throughout. What a value takes over from another in
  /// memory, in the given order, it takes over in any: the problem's `after` says so.
  StepProblem(mlir::func::FuncOp function, const CostModel &costs);

  schedule::Problem problem;
  /// What the problem's operations stand for, by index.
  llvm::ArrayRef<mlir::Operation *> operations() const { return ops; }

  /// Rewrites the function to run as `order` says.
  void apply(const schedule::Order &order);

private:
  void add(mlir::Operation *op, const CostModel &costs);
  void addReader(mlir::Operation *op);
  void takePlaces(mlir::Operation *op);
  void follow(mlir::Operation *op);

  mlir::func::FuncOp function;
  std::vector<mlir::Operation *> ops;
  llvm::DenseMap<mlir::Operation *, int> indexOf;
  /// By value, views seen through: the operations whose bytes it lies in, and its readers so
  /// far.
  llvm::DenseMap<mlir::Value, llvm::SmallVector<int>> places, readers;
  llvm::DenseMap<mlir::Value, mlir::Operation *> lastReaders;
  llvm::StringMap<mlir::Value> variables; ///< by name
};

} // namespace autopar

#endif
