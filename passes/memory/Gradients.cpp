// See Gradients.h.
#include "passes/memory/Gradients.h"

#include "dialects/rt/Rt.h"
#include "passes/memory/Copies.h"

using namespace mlir;

namespace autopar::memory {

/// The values that `value` is put together of without further work on them.
static SmallVector<Value> partsOf(Value value) {
  auto call = value.getDefiningOp<rt::CallOp>();
  if (!call || !call.getCalleeEntry().movesOnly)
    return {};
  if (call.getCalleeEntry().form == rt::CallForm::Collective)
    return {call.getInputs()[cast<OpResult>(value).getResultNumber()]};
  return SmallVector<Value>(call.getInputs());
}

/// The parameter that `value` is all or a block of; null for anything else.
static graph::VariableOp parameterOf(Value value) {
  for (;;) {
    value = behindViews(value);
    if (auto variable = value.getDefiningOp<graph::VariableOp>())
      return variable;
    SmallVector<Value> parts = partsOf(value);
    if (parts.size() != 1)
      return {};
    value = parts[0];
  }
}

DenseMap<Value, std::string> gradientsOf(func::FuncOp function) {
  DenseMap<Value, std::string> gradients;
  SmallVector<std::pair<Value, std::string>> parts;
  for (rt::CallOp call : function.getOps<rt::CallOp>())
    if (const auto &update = call.getCalleeEntry().update)
      for (unsigned row : llvm::seq(call.getRows()))
        if (auto parameter = parameterOf(call.getRowInput(row, update->parameter)))
          parts.push_back({call.getRowInput(row, update->gradient),
                           (parameter.getName() + ".grad").str()});

  while (!parts.empty()) {
    auto [value, name] = parts.pop_back_val();
    value = behindViews(value);
    if (!isa<OpResult>(value) || value.getDefiningOp<graph::VariableOp>() ||
        !gradients.try_emplace(value, name).second)
      continue;
    for (Value part : partsOf(value))
      parts.push_back({part, StringRef(name).ends_with(".part") ? name : name + ".part"});
  }
  return gradients;
}

} // namespace autopar::memory
