// The pass verify-calls: what stands after lowering is calls, views and variables.
#include "passes/Passes.h"
#include "passes/memory/Lowered.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_VERIFYCALLS
#include "passes/Passes.h.inc"

namespace {

struct VerifyCalls : impl::VerifyCallsBase<VerifyCalls> {
  void runOnOperation() override {
    if (failed(memory::verifyLowered(getOperation())))
      signalPassFailure();
  }
};

} // namespace
} // namespace autopar
