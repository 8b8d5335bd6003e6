// See Fusion.h.
#include "passes/lowering/cuda/Fusion.h"

#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::cuda_lowering {

int64_t integer(rt::CallOp call, StringRef field) {
  return call.getConfig().getAs<IntegerAttr>(field).getInt();
}

bool flag(rt::CallOp call, StringRef field) {
  auto attr = call.getConfig().getAs<BoolAttr>(field);
  return attr && attr.getValue();
}

SmallVector<Value> inOrder(const rt::Inputs &inputs, StringRef callee) {
  return inputs.inOrderOf(*rt::cudaTarget().findCallee(callee));
}

bool isThereBefore(Value value, Operation *op) {
  Operation *made = value.getDefiningOp();
  return !made || made->isBeforeInBlock(op);
}

bool isReadBefore(Value value, Operation *op) {
  return llvm::any_of(value.getUsers(),
                      [&](Operation *user) { return user->isBeforeInBlock(op); });
}

void hoistVariables(ArrayRef<Value> values, Operation *op) {
  for (Value value : values)
    if (auto variable = value.getDefiningOp<graph::VariableOp>();
        variable && op->isBeforeInBlock(variable))
      variable->moveBefore(op);
}

} // namespace autopar::cuda_lowering
