// See Lowered.h.
#include "passes/memory/Lowered.h"

#include "dialects/rt/Rt.h"
#include "passes/Passes.h"

using namespace mlir;

namespace autopar {

/// What the operation has that no program of calls on values has; empty where there is nothing.
static std::string faultOf(Operation *op) {
  if (auto function = dyn_cast<func::FuncOp>(op)) {
    if (!llvm::hasSingleElement(function.getBody()))
      return "has no body of one block";
    return llvm::all_of(function.getArgumentTypes(), llvm::IsaPred<RankedTensorType>)
               ? ""
               : "has an argument that is no tensor";
  }
  return isa<rt::CallOp, rt::ViewOp, graph::VariableOp, graph::AssignOp, func::ReturnOp, ModuleOp>(op)
             ? ""
             : "is not a call of the runtime; after lowering, only calls, views, variables and "
               "their assignments are left";
}

LogicalResult memory::verifyLowered(ModuleOp module) {
  bool isLowered = true;
  module->walk([&](Operation *op) {
    if (std::string fault = faultOf(op); !fault.empty()) {
      op->emitOpError(fault);
      isLowered = false;
    }
  });
  return success(isLowered);
}

} // namespace autopar
