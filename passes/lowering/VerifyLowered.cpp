// The pass verify-lowered: what stands after lowering is calls, views and variables.
#include "dialects/rt/Rt.h"
#include "passes/Passes.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_VERIFYLOWERED
#include "passes/Passes.h.inc"

namespace {

struct VerifyLowered : impl::VerifyLoweredBase<VerifyLowered> {
  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) {
      if (isa<rt::CallOp, rt::ViewOp, graph::VariableOp, graph::AssignOp, func::FuncOp,
              func::ReturnOp, ModuleOp>(op))
        return;
      op->emitOpError(
          "is not a call of the runtime; after lowering, only calls, views, variables "
          "and their assignments are left");
      signalPassFailure();
    });
  }
};

} // namespace
} // namespace autopar
