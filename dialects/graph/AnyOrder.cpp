// See AnyOrder.h.
#include "dialects/graph/AnyOrder.h"

using namespace autopar;

bool graph::maySumInAnyOrder(mlir::Operation *op) {
  return llvm::isa<Conv2dOp, Conv2dInputGradOp, Conv2dWeightGradOp, AttentionOp,
                   AttentionGradOp>(op);
}
