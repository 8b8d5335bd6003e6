// Names from a model go into checkpoints, programs and reports, which hold UTF-8.
#ifndef AUTOPAR_DIALECTS_GRAPH_NAMEFAULT_H
#define AUTOPAR_DIALECTS_GRAPH_NAMEFAULT_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace autopar {

/// What keeps a name from being written there: "is not UTF-8", "holds a NUL"; "" where nothing does.
llvm::StringRef faultOf(llvm::StringRef name);
/// A name for an error: what cannot be printed is escaped.
std::string printable(llvm::StringRef name);

} // namespace autopar

#endif
