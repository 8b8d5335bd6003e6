// The door by which JSON comes in and numbers go out: a text that nests too deeply for LLVM's
// reader, which recurses, is refused before it is read; and what is not finite, for which JSON has
// no word, is written as null.
#ifndef AUTOPAR_COMPILER_JSON_JSON_H
#define AUTOPAR_COMPILER_JSON_JSON_H

#include "llvm/Support/JSON.h"

namespace autopar {

/// As llvm::json::parse; fails as well where the text nests deeper than any of our files does.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text);

/// The number, or null where it is infinite or none.
llvm::json::Value finiteOrNull(double number);

} // namespace autopar

#endif
