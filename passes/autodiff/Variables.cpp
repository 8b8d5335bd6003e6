// See Variables.h.
#include "passes/autodiff/Variables.h"

#include "passes/Passes.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace autopar::autodiff {

using graph::VariableKind, graph::VariableOp;

static LogicalResult refuse(VariableOp variable, VariableOp first, const Twine &what) {
  InFlightDiagnostic error = variable.emitError("variable \"")
                             << variable.getName() << "\" " << what;
  error.attachNote(first.getLoc()) << "the first one";
  return error;
}

LogicalResult checkVariables(ModuleOp module) {
  llvm::StringMap<VariableOp> all;
  for (auto function : module.getOps<func::FuncOp>()) {
    llvm::StringMap<VariableOp> here;
    for (auto variable : function.getOps<VariableOp>()) {
      auto [first, isNew] = all.try_emplace(variable.getName(), variable);
      VariableOp other = first->second;
      const bool isTwice = !here.try_emplace(variable.getName(), variable).second;
      const bool isSame =
          other.getKind() == variable.getKind() && other.getType() == variable.getType();
      if ((isTwice || !isSame) && (other.getKind() == VariableKind::Slot ||
                                   variable.getKind() == VariableKind::Slot))
        return refuse(variable, other,
                      "has the name of one that training keeps for itself; rename the model's");
      if (isTwice)
        return refuse(variable, other,
                      "stands twice in @" + function.getName() + "; use the first one's value");
      if (!isSame)
        return refuse(variable, other, "is another in @" + function.getName());
    }
  }
  return success();
}

} // namespace autopar::autodiff
