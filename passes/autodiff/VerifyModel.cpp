// The pass verify-model: the barrier in front of the road. What the parser and the operations'
// verifiers cannot see of a model.
#include "dialects/graph/NameFault.h"
#include "passes/Passes.h"
#include "passes/autodiff/Sizes.h"
#include "passes/autodiff/Variables.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_VERIFYMODEL
#include "passes/Passes.h.inc"

namespace {

class VerifyModel : public impl::VerifyModelBase<VerifyModel> {
  void runOnOperation() override {
    if (failed(autodiff::checkSizes(getOperation())) || failed(checkNames()) ||
        failed(autodiff::checkVariables(getOperation())))
      signalPassFailure();
  }

  /// Names go into the program, its reports and what it writes.
  LogicalResult checkNames() {
    auto check = [](Operation *op, StringRef name) -> LogicalResult {
      if (StringRef fault = faultOf(name); !fault.empty())
        return op->emitError("the name \"") << printable(name) << "\" " << fault << "; rename it";
      return success();
    };
    if (failed(check(getOperation(), getOperation().getName().value_or(""))))
      return failure();
    WalkResult all = getOperation().walk([&](Operation *op) {
      return failed(check(op, nameOf(op->getLoc()))) ? WalkResult::interrupt()
                                                      : WalkResult::advance();
    });
    return failure(all.wasInterrupted());
  }
};

} // namespace
} // namespace autopar
