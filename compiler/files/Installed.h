// Files that tools bring along: the runtime's sources and libraries, device models. Where the tools
// are installed they lie beside them, wherever that is; in a tree that was built they are the tree's.
#ifndef AUTOPAR_COMPILER_FILES_INSTALLED_H
#define AUTOPAR_COMPILER_FILES_INSTALLED_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace autopar {

/// Of a tool PREFIX/bin/TOOL the folder PREFIX/`installed`, or `built` where there is none.
std::string broughtFolder(llvm::StringRef installed, llvm::StringRef built);

} // namespace autopar

#endif // AUTOPAR_COMPILER_FILES_INSTALLED_H
