// Element by element: calls that know no shape.
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

/// The operation's parameters are the call's fields.
template <typename Op> static void addElementwise(CallPatterns &patterns, StringRef callee) {
  addCall<Op>(patterns, callee, [](Op op, Config &config) {
    config.integer("count", elementsOf(op->getResult(0)));
    if (auto parameters = dyn_cast_if_present<DictionaryAttr>(op->getPropertiesAsAttribute()))
      for (NamedAttribute parameter : parameters)
        config.real(parameter.getName(),
                    cast<FloatAttr>(parameter.getValue()).getValueAsDouble());
  });
}

template <typename Op> static void addGelu(CallPatterns &patterns, StringRef callee) {
  addCall<Op>(patterns, callee, [](Op op, Config &config) {
    config.integer("count", elementsOf(op->getResult(0)))
        .flag("tanh", op.getApproximate() == "tanh");
  });
}

void addElementwisePatterns(CallPatterns &patterns) {
#define AUTOPAR_UNARY(Name, ...) addElementwise<Name##Op>(patterns, #Name);
#define AUTOPAR_BINARY(Name, ...) addElementwise<Name##Op>(patterns, #Name);
#include "autopar/core/Elements.inc"
  addElementwise<AddOp>(patterns, "Add");
  addElementwise<AccumulateOp>(patterns, "Add");
  addElementwise<CastOp>(patterns, "Cast");
  addElementwise<ZerosOp>(patterns, "Zeros");
  addElementwise<FillOp>(patterns, "Fill");
  addGelu<GeluOp>(patterns, "Gelu");
  addGelu<GeluGradOp>(patterns, "GeluGrad");
}

} // namespace autopar::lowering
