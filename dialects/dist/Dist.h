// The dist dialect in C++: mesh and sharding attributes, collectives, and how a plan is written
// on operations.
#ifndef AUTOPAR_DIALECTS_DIST_DIST_H
#define AUTOPAR_DIALECTS_DIST_DIST_H

#include "dialects/dist/Bounds.h"
#include "dialects/dist/CollectiveKind.h"
#include "dialects/dist/Shapes.h"
#include "dialects/dist/Spec.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/dist/DistDialect.h.inc"
#include "dialects/dist/DistInterfaces.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/dist/DistAttrs.h.inc"
#define GET_OP_CLASSES
#include "dialects/dist/Dist.h.inc"

namespace autopar::dist {

/// Module attribute: the mesh.
inline constexpr llvm::StringLiteral meshAttrName = "dist.mesh";
/// On an operation or function argument: what the user asks of its (first) result's sharding.
inline constexpr llvm::StringLiteral userShardingAttrName = "dist.sharding";
/// On an operation: the plan. `operands`: as the operation reads them; `results`: as it makes
/// them; `kept`: as they are kept for their users, after a resharding where the two differ.
inline constexpr llvm::StringLiteral planAttrName = "dist.plan";

/// On an argument or variable of the SPMD program, beside its sharding: the whole tensor's type.
inline constexpr llvm::StringLiteral globalTypeAttrName = "dist.global";

struct Plan {
  llvm::SmallVector<Spec> operands, results, kept;
};

/// The mesh of the module that `op` is in or is; nullopt where there is none.
std::optional<Mesh> meshOf(mlir::Operation *op);

void setPlan(mlir::Operation *op, const Plan &plan);
std::optional<Plan> getPlan(mlir::Operation *op);
/// The same for what a function's argument is kept as.
void setArgumentSpec(mlir::Operation *function, unsigned index, Spec spec, int rank);
std::optional<Spec> getArgumentSpec(mlir::Operation *function, unsigned index);

} // namespace autopar::dist

#endif
