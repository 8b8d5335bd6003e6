// Runs programs of runtime calls before and after memory planning, on values and on the bytes
// of an arena. What a call computes is a hash of what it reads: a byte that is wrong anywhere
// is wrong in every result that follows from it, and no kernels are needed.
#ifndef AUTOPAR_TEST_UNIT_MEMORY_ARENARUN_H
#define AUTOPAR_TEST_UNIT_MEMORY_ARENARUN_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace autopar {

/// One that has the dialects of such programs.
mlir::MLIRContext &context();

using Bytes = std::vector<uint8_t>;

/// What a function leaves behind.
struct Leavings {
  std::vector<Bytes> results;
  std::map<std::string, Bytes> variables;

  bool operator==(const Leavings &) const = default;
};

/// Variables and inputs begin with bytes of their names.
Leavings runOnValues(mlir::func::FuncOp function);

/// When a collective that runs beside computation does its work.
enum class Moment {
  AtOnce, ///< when it is called
  AtJoin, ///< when it is waited for, and its outputs are noise until then
};

/// A function of a module after plan-memory.
Leavings runInArena(mlir::func::FuncOp function, Moment moment);

} // namespace autopar

#endif
