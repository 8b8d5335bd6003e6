// Which values of a function share storage, and for how long it is held: all that packing needs
// to know.
#ifndef AUTOPAR_PASSES_MEMORY_STORAGE_H
#define AUTOPAR_PASSES_MEMORY_STORAGE_H

#include "passes/memory/Joins.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

#include <string>

namespace autopar::memory {

/// Calls of a function are numbered from 1; at 0 stand the values it starts with, and behind
/// the last call what it returns and leaves in its variables.
struct Interval {
  int64_t begin = 0, end = 0;
};

struct Storage {
  std::string name; ///< of the first value in it
  int64_t bytes = 0;
  Interval live;
  /// The variable whose storage it is, if any.
  mlir::StringAttr variable = {};
};

/// A value in its storage, or a call's workspace.
struct Resident {
  std::string name;
  rt::BufferKind kind;
  unsigned storage;
  Interval live;
  /// The variable that is updated by coming to hold this value.
  mlir::StringAttr updates = {};
};

/// The memory of one function whose copies have been inserted (Copies.h).
struct FunctionMemory {
  explicit FunctionMemory(mlir::func::FuncOp function);

  mlir::func::FuncOp function;
  Joins joins;
  /// The number behind the last call's and the return's.
  int64_t end;
  std::vector<Storage> storages;
  /// Values but for views, in order of definition.
  llvm::MapVector<mlir::Value, Resident> values;
  llvm::MapVector<mlir::Operation *, Resident> workspaces;

private:
  void place(mlir::Value value, Resident resident);
  unsigned newStorage(const Resident &resident, int64_t bytes);
  void placeResults(rt::CallOp call, int64_t number);
  std::optional<unsigned> takeOver(rt::CallOp call, unsigned output, int64_t number);

  /// The number from which what `op` uses is free again: the one behind its own, or that of the
  /// operation before which it has ended, where it runs beside computation.
  int64_t endOf(mlir::Operation *op) const;
  /// The number from which nobody reads `value`, through views as well, `except` left aside; 0
  /// where nobody does.
  int64_t neededUntil(mlir::Value value, mlir::Operation *except = nullptr) const;

  llvm::DenseMap<mlir::Operation *, int64_t> numbers;
  llvm::DenseMap<mlir::StringAttr, mlir::Value> variables;
  llvm::DenseMap<mlir::Value, std::string> gradients;
};

} // namespace autopar::memory

#endif
