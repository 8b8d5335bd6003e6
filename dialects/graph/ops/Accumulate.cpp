// Sums of gradients: elementwise over complete gradients, whatever their split.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

ShardingRule AccumulateOp::getShardingRule() { return elementwiseRule(*this); }
ShardingRule ZerosOp::getShardingRule() { return elementwiseRule(*this); }

} // namespace autopar::graph
