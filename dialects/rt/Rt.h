// The rt dialect in C++: calls of a target's runtime, and slices of the arena.
#ifndef AUTOPAR_DIALECTS_RT_RT_H
#define AUTOPAR_DIALECTS_RT_RT_H

#include "dialects/dist/Bounds.h"
#include "dialects/dist/Shapes.h"
#include "dialects/rt/Target.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace autopar::rt {

/// Module attribute: the target whose runtime is called.
inline constexpr llvm::StringLiteral targetAttrName = "rt.target";
/// Module attribute: bytes of the arena. A module that has it stands on memory, not on values.
inline constexpr llvm::StringLiteral arenaAttrName = "rt.arena";
/// Module attribute: threads of a rank that workspaces were asked for.
inline constexpr llvm::StringLiteral threadsAttrName = "rt.threads";

/// On a variable's slice: how the variable begins, one of the graph dialect's initialisers.
inline constexpr llvm::StringLiteral initAttrName = "rt.init";
/// On a variable's slice: the shape under which checkpoints hold it, where that is another.
inline constexpr llvm::StringLiteral storedAttrName = "rt.stored";


/// Bytes of a tensor or memref of a static shape.
int64_t bytesOf(mlir::Type type);
/// The target of the module that `op` is in or is; null where none is named or it is unknown.
const Target *targetOf(mlir::Operation *op);
/// What offsets in the arena of that module are multiples of: its target's, or any arena's 64.
int64_t alignmentOf(mlir::Operation *op);

} // namespace autopar::rt

#include "dialects/rt/RtDialect.h.inc"
#include "dialects/rt/RtEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/rt/RtAttrs.h.inc"
#define GET_OP_CLASSES
#include "dialects/rt/Rt.h.inc"

#endif
