// Whether a number is within bounds: the C++ behind Constraints.td, and what attributes that are
// numbers themselves (optimizers, initialisers) are verified by.
#ifndef AUTOPAR_DIALECTS_DIST_BOUNDS_H
#define AUTOPAR_DIALECTS_DIST_BOUNDS_H

#include "dialects/dist/Limits.h"

#include "mlir/IR/Attributes.h"

#include <string>

namespace autopar {

/// Of real numbers. All are finite as f32, in which programs compute with them.
enum class Bounds { Finite, AtLeastZero, AboveZero, BelowOne, Share };

bool isWithin(double value, Bounds bounds);
/// What it must be: `in [0, 1)`.
llvm::StringRef toString(Bounds bounds);

/// Whether `attr` is an i64.
bool isWhole(mlir::Attribute attr);

/// Of an f64 attribute.
bool isWithin(mlir::Attribute attr, Bounds bounds);
/// Of an i64 attribute, or of each element of an array of i64.
bool isWithin(mlir::Attribute attr, int64_t least, int64_t most);

/// For messages: `from 1 to 8; it is 0 : i64`.
std::string whatIsWanted(mlir::Attribute attr, int64_t least, int64_t most);
std::string whatIsWanted(mlir::Attribute attr, Bounds bounds);

} // namespace autopar

#endif
