// Values of the IR as C++ writes them.
#ifndef AUTOPAR_COMPILER_EMIT_LITERALS_H
#define AUTOPAR_COMPILER_EMIT_LITERALS_H

#include "dialects/dist/Spec.h"

#include "mlir/IR/BuiltinTypes.h"

#include <string>

namespace autopar::emit {

/// `{4, 32, 32, 64}`
std::string list(llvm::ArrayRef<int64_t> values);
/// The shape of a tensor or memref: `{4, 32, 32, 64}`, `{}` for a scalar.
std::string shape(mlir::Type type);
/// As few digits as read back the same: `1e-05`, `0.1`.
std::string real(double value);
/// `"text"`, escaped.
std::string quoted(llvm::StringRef text);
/// `float`, `double`, `int32_t`, `uint8_t`.
llvm::StringRef elementType(mlir::Type type);
/// `DataType::F32`, of a tensor or of an element type
llvm::StringRef dataType(mlir::Type type);
/// The axes that split each of `rank` dimensions, `{AxisSet{0}, AxisSet{}}`; `{}` where none
/// do.
std::string split(const Spec &spec, int rank);

} // namespace autopar::emit

#endif
