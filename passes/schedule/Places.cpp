// See Places.h.
#include "passes/schedule/Places.h"

#include "dialects/graph/Graph.h"
#include "passes/sharding/Strategies.h"

using namespace mlir;

namespace autopar {

bool isView(Operation *op) {
  auto work = dyn_cast<graph::WorkOpInterface>(op);
  return work && work.isView();
}

Value behindViews(Value value) {
  while (value.getDefiningOp() && isView(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

int64_t bytesOf(Value value) {
  return cast<ShapedType>(value.getType()).getNumElements() * elementBytes(value.getType());
}

StringRef assignedTo(Value value) {
  for (Operation *user : value.getUsers()) {
    if (auto assign = dyn_cast<graph::AssignOp>(user))
      return assign.getName();
    if (isView(user))
      if (StringRef name = assignedTo(user->getResult(0)); !name.empty())
        return name;
  }
  return {};
}

} // namespace autopar
