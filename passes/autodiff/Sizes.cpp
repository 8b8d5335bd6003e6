// See Sizes.h.
#include "passes/autodiff/Sizes.h"

#include "passes/Passes.h"

using namespace mlir;

namespace autopar::autodiff {

namespace {

class Sizes {
public:
  explicit Sizes(ModuleOp module) : module(module) {}

  LogicalResult run() {
    for (auto function : module.getOps<func::FuncOp>()) {
      if (!llvm::hasSingleElement(function.getBody()))
        return function.emitError("@") << function.getName()
                                       << " has no body of one block; a program's function is a "
                                          "list of operations";
      for (Value argument : function.getArguments())
        if (failed(add(argument)))
          return failure();
      for (Operation &op : function.front())
        for (Value result : op.getResults())
          if (failed(add(result)))
            return failure();
    }
    return success();
  }

private:
  LogicalResult add(Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type)
      return emitError(value.getLoc(), "\"") << nameOf(value) << "\" is of " << value.getType()
                                            << "; a program works on tensors";
    if (std::string why = dist::whyNoValue(type); !why.empty())
      return emitError(value.getLoc(), "\"") << nameOf(value) << "\" has " << why;
    bytes += type.getNumElements() * (type.getElementTypeBitWidth() / 8);
    if (bytes > limits::programBytes)
      return emitError(value.getLoc(), "the values of the program up to \"")
             << nameOf(value) << "\" take " << bytes << " bytes together; up to "
             << limits::programBytes << " can be planned";
    return success();
  }

  ModuleOp module;
  int64_t bytes = 0; ///< Each value at most limits::valueBytes, so no sum overflows.
};

} // namespace

LogicalResult checkSizes(ModuleOp module) { return Sizes(module).run(); }

} // namespace autopar::autodiff
