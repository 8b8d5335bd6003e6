// Printed C++ as a person would leave it.
#ifndef AUTOPAR_COMPILER_EMIT_LINES_H
#define AUTOPAR_COMPILER_EMIT_LINES_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace autopar::emit {

/// Breaks statements of more than 100 columns behind a comma. Lines that end in a comment are
/// tables, and stay a line.
std::string tidyLines(llvm::StringRef text);

/// What is the user's, for a comment: of one line, at the end of which no backslash joins the next.
std::string oneLine(llvm::StringRef text);

} // namespace autopar::emit

#endif
