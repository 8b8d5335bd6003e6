// Sums of gradients during differentiation. See Gradients.h.
#include "dialects/graph/Gradients.h"

#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::graph {

void Gradients::add(Value value, Value gradient) {
  Value &sum = sums[value];
  if (!sum) {
    sum = gradient;
    return;
  }
  sum = AddOp::create(builder, nameFor(value), sum, gradient);
}

Location Gradients::nameFor(Value value) const {
  return named(value.getLoc(), nameOf(value) + ".grad");
}

} // namespace autopar::graph
