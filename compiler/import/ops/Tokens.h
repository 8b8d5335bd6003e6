// What of the shapes' operations tokens have, for Shape.cpp.
#ifndef AUTOPAR_COMPILER_IMPORT_OPS_TOKENS_H
#define AUTOPAR_COMPILER_IMPORT_OPS_TOKENS_H

#include "compiler/import/Operations.h"

namespace autopar::pt2 {

/// Whether a name stands for what the module is given as integers, or what it makes of them.
bool areTokens(Importer &importer, llvm::StringRef name);
llvm::LogicalResult sliceTokens(Importer &importer, const Arguments &arguments);
llvm::LogicalResult padTokens(Importer &importer, const Arguments &arguments);

} // namespace autopar::pt2

#endif
