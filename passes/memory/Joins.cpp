// See Joins.h.
#include "passes/memory/Joins.h"

#include "passes/memory/Copies.h"

using namespace mlir;

namespace autopar::memory {

/// Whether `op` puts a new value in the place of `variable`.
static bool overwrites(Operation *op, graph::VariableOp variable) {
  return llvm::any_of(op->getUsers(), [&](Operation *user) {
    auto assign = dyn_cast<graph::AssignOp>(user);
    return assign && assign.getName() == variable.getName();
  });
}

/// Whether `op`, which computes, must come after `collective` has ended.
static bool mustWait(Operation *op, rt::CallOp collective) {
  auto reads = [&](Value operand) {
    return behindViews(operand).getDefiningOp() == collective.getOperation();
  };
  auto writesOver = [&](Value input) {
    auto variable = behindViews(input).getDefiningOp<graph::VariableOp>();
    return variable && overwrites(op, variable);
  };
  return llvm::any_of(op->getOperands(), reads) ||
         llvm::any_of(collective.getInputs(), writesOver);
}

Joins::Joins(func::FuncOp function) {
  SmallVector<rt::CallOp> running;
  auto join = [&](size_t count, Operation *before) {
    if (count == 0)
      return;
    awaited[before] = running[count - 1];
    for (rt::CallOp call : ArrayRef(running).take_front(count))
      ends[call] = before;
    running.erase(running.begin(), running.begin() + count);
  };
  for (Operation &op : function.front()) {
    if (op.hasTrait<OpTrait::IsTerminator>()) {
      join(running.size(), &op);
    } else if (auto call = dyn_cast<rt::CallOp>(op); call && call.runsBeside()) {
      running.push_back(call);
    } else if (call) {
      size_t count = running.size();
      while (count > 0 && !mustWait(call, running[count - 1]))
        --count;
      join(count, call);
    }
  }
}

} // namespace autopar::memory
