// Files that appear all at once or not at all.
#ifndef AUTOPAR_COMPILER_EMIT_FOLDER_H
#define AUTOPAR_COMPILER_EMIT_FOLDER_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace autopar::emit {

/// Whether replaceFolder may write to `directory`, which need not exist.
llvm::Error checkReplaceable(llvm::StringRef directory, llvm::StringRef mark);

/// Calls `write` with an empty folder beside `directory` and puts that in its place; nothing is
/// changed where it fails. A folder there is replaced if it contains `mark`, and is an error
/// otherwise, unless it is empty.
llvm::Error replaceFolder(llvm::StringRef directory, llvm::StringRef mark,
                          llvm::function_ref<llvm::Error(llvm::StringRef)> write);

/// Whether the compiler that programs are built with is there.
llvm::Error checkCompiler();

/// An error that says what was done to which file, and the system's reason.
llvm::Error fileError(const llvm::Twine &what, std::error_code reason);

} // namespace autopar::emit

#endif
