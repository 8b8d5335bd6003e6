// Gives every operation a name of its own.
#include "passes/Passes.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_NAMEVALUES
#include "passes/Passes.h.inc"

namespace {

class NameValues : public impl::NameValuesBase<NameValues> {
  void runOnOperation() override {
    for (auto function : programsOf(getOperation()))
      if (failed(nameArguments(function)))
        return signalPassFailure();
      else
        nameOperations(function);
  }

  /// An argument is named by what the runtime puts there.
  LogicalResult nameArguments(func::FuncOp function) {
    for (BlockArgument argument : function.getArguments()) {
      auto input =
          function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), graph::inputAttrName);
      if (!input)
        return function.emitError("argument ")
               << argument.getArgNumber() << " of @" << function.getName()
               << " does not say what it is; add {graph.input = \"images\"} or "
                  "{graph.input = \"labels\"}";
      argument.setLoc(named(argument.getLoc(), input.getValue()));
    }
    return success();
  }

  void nameOperations(func::FuncOp function) {
    llvm::StringSet<> taken;
    llvm::StringMap<int> next; // number to try for a name
    for (BlockArgument argument : function.getArguments())
      taken.insert(nameOf(argument));
    function.walk([&](Operation *op) {
      if (op == function)
        return;
      std::string name = nameOf(op);
      if (auto variable = dyn_cast<graph::VariableOp>(op))
        name = variable.getName();
      std::string unique = name;
      while (!taken.insert(unique).second)
        unique = name + "_" + std::to_string(++next[name]);
      if (nameOf(op->getLoc()) != unique)
        op->setLoc(named(op->getLoc(), unique));
    });
  }
};

} // namespace
} // namespace autopar
