// GELU: elementwise; its gradient reads the input.
#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::graph {

template <typename Op> static LogicalResult verifyForm(Op op) {
  StringRef form = op.getApproximate();
  if (form != "none" && form != "tanh")
    return op.emitOpError("has approximate = \"") << form << "\"; there are none and tanh";
  return success();
}
LogicalResult GeluOp::verify() { return verifyForm(*this); }
LogicalResult GeluGradOp::verify() { return verifyForm(*this); }

// An erf or a tanh, and a polynomial.
double GeluOp::getFlops() { return 15.0 * getOutput().getType().getNumElements(); }
double GeluGradOp::getFlops() { return 25.0 * getInputGrad().getType().getNumElements(); }

void GeluOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(),
                GeluGradOp::create(gradients.builder, gradients.nameFor(getInput()),
                                   gradients.of(getOutput()), getInput(), getApproximate()));
}

} // namespace autopar::graph
