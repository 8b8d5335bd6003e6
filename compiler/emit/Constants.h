// The numbers of a program's constants: one file of bytes, which the linker takes as they are, so
// that a binary has them wherever it is run.
#ifndef AUTOPAR_COMPILER_EMIT_CONSTANTS_H
#define AUTOPAR_COMPILER_EMIT_CONSTANTS_H

#include "compiler/emit/Scope.h"

#include "llvm/ADT/DenseMap.h"

#include <string>

namespace autopar::emit {

inline constexpr llvm::StringLiteral constantsSource = "constants.S",
                                     constantsFile = "constants.bin",
                                     constantsSymbol = "autopar_constants";

/// Whether a variable's slice is a constant's.
bool isConstant(rt::SliceOp slice);

class Constants {
public:
  explicit Constants(const VariableScope &variables);

  bool empty() const { return bytes.empty(); }
  /// Where the constant's numbers begin, in bytes.
  size_t offsetOf(rt::SliceOp slice) const { return offsets.lookup(slice); }

  /// What is in constants.bin: f32 and i32, little-endian, row by row.
  llvm::StringRef file() const { return bytes; }
  /// The text of constants.S, which brings that into the program.
  static std::string source();

private:
  std::string bytes;
  llvm::DenseMap<mlir::Operation *, size_t> offsets;
};

} // namespace autopar::emit

#endif
