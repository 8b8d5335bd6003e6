// The graph dialect in C++: operations, attributes, interfaces.
#ifndef AUTOPAR_DIALECTS_GRAPH_GRAPH_H
#define AUTOPAR_DIALECTS_GRAPH_GRAPH_H

#include "dialects/dist/Dist.h"
#include "dialects/dist/ShardingRule.h"
#include "dialects/graph/Gradients.h"
#include "dialects/graph/Names.h"
#include "dialects/graph/Number.h"
#include "dialects/graph/UpdateOperands.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace autopar::graph {

/// The type of a tensor value. `typeOf(x).clone(shape)` is of the same element type.
inline mlir::RankedTensorType typeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType());
}
/// The shape of a tensor value.
inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getShape();
}

} // namespace autopar::graph

#include "dialects/graph/GraphDialect.h.inc"
#include "dialects/graph/GraphEnums.h.inc"
#include "dialects/graph/GraphInterfaces.h.inc"

namespace autopar::graph {
/// Module attribute: the optimizer, an attribute with OptimizerAttrInterface.
inline constexpr llvm::StringLiteral optimizerAttrName = "graph.optimizer";
/// Module attribute: how often @step runs before @update does. Without it @step updates.
inline constexpr llvm::StringLiteral microBatchesAttrName = "graph.micro_batches";
/// Module attribute, a unit: factors of products of f32 may be rounded to TF32.
inline constexpr llvm::StringLiteral tf32AttrName = "graph.tf32";
/// Function argument (result) attributes: what the runtime puts there (finds there).
inline constexpr llvm::StringLiteral inputAttrName = "graph.input";
inline constexpr llvm::StringLiteral outputAttrName = "graph.output";
/// Inputs that are no part of a batch: every rank is given all of them (Description.h says what).
inline constexpr llvm::StringLiteral learningRateInput = "learning_rate";
inline constexpr llvm::StringLiteral stateInput = "state";
} // namespace autopar::graph

#include "dialects/graph/GraphAttrInterfaces.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/graph/GraphAttrs.h.inc"
#define GET_OP_CLASSES
#include "dialects/graph/GraphOps.h.inc"

#endif
