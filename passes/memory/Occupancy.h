// How full memory will be at each call of a module that is not planned yet, for passes that
// hold values longer than they must: no moment is to become fuller than the fullest is.
#ifndef AUTOPAR_PASSES_MEMORY_OCCUPANCY_H
#define AUTOPAR_PASSES_MEMORY_OCCUPANCY_H

#include "dialects/rt/Rt.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace autopar::memory {

class Occupancy {
public:
  /// Fails where the module's memory cannot be planned.
  static llvm::FailureOr<Occupancy> of(mlir::ModuleOp module);

  /// Bytes that are free once `call` is done: what it is the last to read and writes no result
  /// over, and what collectives use that it waits for.
  int64_t releasedBy(rt::CallOp call) const { return calls.lookup(call).released; }
  /// Whether so many bytes more can be held after `from` up to and with `to`, a later call of
  /// the same function.
  bool hasRoom(int64_t bytes, rt::CallOp from, rt::CallOp to) const;
  /// Holds them.
  void hold(int64_t bytes, rt::CallOp from, rt::CallOp to);

private:
  struct Call {
    unsigned function = 0;
    int64_t number = 0, released = 0;
  };

  void add(mlir::func::FuncOp planned, const llvm::DenseMap<mlir::Operation *, rt::CallOp> &);

  llvm::DenseMap<mlir::Operation *, Call> calls;
  /// Bytes held at each call of each function. Variables are not counted; they stay.
  std::vector<std::vector<int64_t>> held;
  int64_t fullest = 0;
};

} // namespace autopar::memory

#endif
