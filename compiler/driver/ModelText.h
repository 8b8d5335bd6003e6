// A model's text before MLIR reads it. MLIR's parser recurses over brackets, so a text of nothing
// else would end it with its stack; bytecode, which nobody reads, is no form of a model.
#ifndef AUTOPAR_COMPILER_DRIVER_MODELTEXT_H
#define AUTOPAR_COMPILER_DRIVER_MODELTEXT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace autopar {

/// The file (`-`: standard input) as text that is safe to parse. Errors name the file, and the
/// line where there is one.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> readModelText(llvm::StringRef path);

/// Fails where `text` is bytecode or nests deeper than any program of ours does.
llvm::Error checkModelText(llvm::StringRef text, llvm::StringRef path);

} // namespace autopar

#endif
