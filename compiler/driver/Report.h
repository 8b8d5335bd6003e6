// What the compiler decided, for a terminal. compiler/report has the rest: JSON and a page.
#ifndef AUTOPAR_COMPILER_DRIVER_REPORT_H
#define AUTOPAR_COMPILER_DRIVER_REPORT_H

#include "compiler/driver/Compile.h"

#include "llvm/Support/raw_ostream.h"

namespace autopar {

/// `full`: every value's strategy and every move of data; else the convolutions' and matmuls', and
/// the dearest moves.
void printReport(const Compilation &compilation, bool full, llvm::raw_ostream &out);

} // namespace autopar

#endif
