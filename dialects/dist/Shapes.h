// What a value of a program may be: a tensor or a piece of memory whose shape is known, whose bytes
// can be counted, and that is within the limits. All three dialects ask it of everything that
// their operations read and make, before anything else is computed from a shape.
#ifndef AUTOPAR_DIALECTS_DIST_SHAPES_H
#define AUTOPAR_DIALECTS_DIST_SHAPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"

#include <optional>
#include <string>

namespace autopar::dist {

/// Elements of a shape; nullopt where a size is no size, or where there are more than
/// limits::valueBytes.
std::optional<int64_t> elementsOf(llvm::ArrayRef<int64_t> shape);

/// Why a value cannot be of `type`, in words that follow "has "; empty where it can. What is no
/// tensor or memref is not judged.
std::string whyNoValue(mlir::Type type);

/// Fails with an error where an operand or result is not such a value.
llvm::LogicalResult verifyValues(mlir::Operation *op);

/// Every operand and result is a value within the limits.
template <typename ConcreteType>
class StaticShapes : public mlir::OpTrait::TraitBase<ConcreteType, StaticShapes> {
public:
  static llvm::LogicalResult verifyTrait(mlir::Operation *op) { return verifyValues(op); }
};

} // namespace autopar::dist

#endif
