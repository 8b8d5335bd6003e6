// Buffers as an emitted program declares them: a line each, as in a table.
#ifndef AUTOPAR_COMPILER_EMIT_DECLARATIONS_H
#define AUTOPAR_COMPILER_EMIT_DECLARATIONS_H

#include "dialects/rt/Rt.h"

#include <string>
#include <vector>

namespace autopar::emit {

/// Whether it is declared as bytes of no type.
bool isRaw(rt::SliceOp slice);

/// `float *const relu_ = arena.at<float>(512, {8, 8});`
std::string declaration(rt::SliceOp slice, llvm::StringRef identifier);

/// A declaration, and what is said of it behind it.
using Entry = std::pair<std::string, std::string>;

/// The entries as a table: comments stand below each other, but for those behind long lines and
/// for those above lines that have to be broken.
std::vector<std::string> table(llvm::ArrayRef<Entry> entries);

} // namespace autopar::emit

#endif
