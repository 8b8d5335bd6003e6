// Elementwise operations: one parallel factor a dimension.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

ShardingRule ReluOp::getShardingRule() { return elementwiseRule(*this); }
ShardingRule ReluGradOp::getShardingRule() { return elementwiseRule(*this); }
ShardingRule SiluOp::getShardingRule() { return elementwiseRule(*this); }
ShardingRule SiluGradOp::getShardingRule() { return elementwiseRule(*this); }
ShardingRule AddOp::getShardingRule() { return elementwiseRule(*this, /*isLinear=*/true); }
ShardingRule CastOp::getShardingRule() { return elementwiseRule(*this, /*isLinear=*/true); }
ShardingRule ScaleOp::getShardingRule() { return elementwiseRule(*this, /*isLinear=*/true); }

void ReluOp::buildGradient(Gradients &gradients) {
  Value dy = gradients.of(getOutput());
  gradients.add(getInput(), ReluGradOp::create(gradients.builder, gradients.nameFor(getInput()),
                                               dy, getOutput()));
}

void SiluOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(), SiluGradOp::create(gradients.builder, gradients.nameFor(getInput()),
                                               gradients.of(getOutput()), getInput()));
}

void AddOp::buildGradient(Gradients &gradients) {
  Value dz = gradients.of(getSum());
  for (Value operand : getOperands())
    if (gradients.wants(operand))
      gradients.add(operand, dz);
}

void CastOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(), CastOp::create(gradients.builder, gradients.nameFor(getInput()),
                                           getInput().getType(), gradients.of(getOutput())));
}

void ScaleOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(), ScaleOp::create(gradients.builder, gradients.nameFor(getInput()),
                                            gradients.of(getOutput()), getFactor()));
}

} // namespace autopar::graph
