// Sums of gradients: elementwise over complete gradients, whatever their split.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

ShardingRule AccumulateOp::getShardingRule() { return elementwiseRule(*this); }
ShardingRule ZerosOp::getShardingRule() { return elementwiseRule(*this); }

// The gradient may be wanted by others.
bool AccumulateOp::worksInPlace(unsigned operand) { return getOperand(operand) == getTotal(); }

} // namespace autopar::graph
