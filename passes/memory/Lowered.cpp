// See Lowered.h.
#include "passes/memory/Lowered.h"

#include "dialects/rt/Rt.h"
#include "passes/Passes.h"

using namespace mlir;

namespace autopar {

LogicalResult memory::verifyLowered(ModuleOp module) {
  bool isLowered = true;
  module->walk([&](Operation *op) {
    if (isa<rt::CallOp, rt::ViewOp, graph::VariableOp, graph::AssignOp, func::FuncOp,
            func::ReturnOp, ModuleOp>(op))
      return;
    op->emitOpError("is not a call of the runtime; after lowering, only calls, views, variables "
                    "and their assignments are left");
    isLowered = false;
  });
  return success(isLowered);
}

} // namespace autopar
