// What the compiler decided, for people (a terminal) and for programs (JSON).
#ifndef AUTOPAR_COMPILER_DRIVER_REPORT_H
#define AUTOPAR_COMPILER_DRIVER_REPORT_H

#include "compiler/driver/Compile.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace autopar {

/// `full`: every value's strategy and every move of data; else the convolutions' and matmuls', and
/// the dearest moves.
void printReport(const Compilation &compilation, bool full, llvm::raw_ostream &out);

/// All of it, as one JSON object.
llvm::Error writeReport(const Compilation &compilation, llvm::StringRef path);

} // namespace autopar

#endif
