// Registers the graph dialect; what an operation does is in ops/.
#include "dialects/graph/Graph.h"

#include "dialects/graph/AnyOrder.h"
#include "dialects/graph/Rules.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace autopar::graph;

#include "dialects/graph/GraphDialect.cpp.inc"
#include "dialects/graph/GraphEnums.cpp.inc"
#include "dialects/graph/GraphInterfaces.cpp.inc"
#include "dialects/graph/GraphAttrInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/graph/GraphAttrs.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/graph/GraphOps.cpp.inc"

void GraphDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/graph/GraphOps.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/graph/GraphAttrs.cpp.inc"
      >();
}

/// What a module says of itself, and a function of its arguments and results, is what passes take
/// it for.
LogicalResult GraphDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  StringRef name = attribute.getName();
  Attribute value = attribute.getValue();
  if (name == optimizerAttrName && !isa<OptimizerAttrInterface>(value))
    return op->emitError() << name << " is " << value << "; it is an optimizer such as #graph.sgd";
  if ((name == tf32AttrName || name == repeatedAttrName) && !isa<UnitAttr>(value))
    return op->emitError() << name << " is " << value << "; it is there or not";
  if (name == microBatchesAttrName &&
      (!autopar::isWhole(value) || !autopar::isWithin(value, 1, autopar::limits::microBatches)))
    return op->emitError() << name << " is " << value << "; it is a whole number from 1 to "
                           << autopar::limits::microBatches;
  return success();
}

static LogicalResult verifyPort(Operation *op, NamedAttribute attribute) {
  if (isa<StringAttr>(attribute.getValue()))
    return success();
  return op->emitError() << attribute.getName() << " is " << attribute.getValue()
                         << "; it is a name";
}
LogicalResult GraphDialect::verifyRegionArgAttribute(Operation *op, unsigned, unsigned,
                                                     NamedAttribute attribute) {
  return verifyPort(op, attribute);
}
LogicalResult GraphDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned,
                                                        NamedAttribute attribute) {
  return verifyPort(op, attribute);
}
