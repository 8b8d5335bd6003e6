// What the updates of all parameters share: optimizers are given it, once for a step.
#ifndef AUTOPAR_DIALECTS_GRAPH_UPDATEOPERANDS_H
#define AUTOPAR_DIALECTS_GRAPH_UPDATEOPERANDS_H

#include "mlir/IR/Value.h"

namespace autopar::graph {

struct UpdateOperands {
  mlir::Value learningRate;
  /// A scalar that gradients are multiplied by; null where there is none.
  mlir::Value factor;
  /// {seed, updates that the slots have seen}; null for an optimizer that does not count them.
  mlir::Value state;
};

} // namespace autopar::graph

#endif
