// Which operations a library may add up in whatever order it comes to, each time another,
// where nobody asks for more.
#ifndef AUTOPAR_DIALECTS_GRAPH_ANYORDER_H
#define AUTOPAR_DIALECTS_GRAPH_ANYORDER_H

#include "dialects/graph/Graph.h"

namespace autopar::graph {

/// Convolutions and attention, with their gradients.
bool maySumInAnyOrder(mlir::Operation *op);

/// On such an operation of the SPMD program, a unit: other ranks compute the same, and must
/// come to the same bits, or their replicas of a variable drift apart.
inline constexpr llvm::StringLiteral repeatedAttrName = "graph.repeated";

} // namespace autopar::graph

#endif
