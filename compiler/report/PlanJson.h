// All that the compiler decided, as one JSON object: what `--report FILE.json` holds, and what
// the report's page shows.
#ifndef AUTOPAR_COMPILER_REPORT_PLANJSON_H
#define AUTOPAR_COMPILER_REPORT_PLANJSON_H

#include "compiler/driver/Compile.h"

#include "llvm/Support/raw_ostream.h"

namespace autopar {

/// What the plan was made of, which the plan itself does not know.
struct ReportNames {
  std::string model;   ///< The model's name.
  std::string command; ///< The compiler's command line.
};

/// Two spaces an indent, ending in a newline. Bytes and seconds throughout; `buffers` are those
/// of a step, alive in its calls from `begin` to before `end`, counted from 1 (0: from the
/// start).
void writePlanJson(const Compilation &compilation, const ReportNames &names,
                   llvm::raw_ostream &out);

} // namespace autopar

#endif
