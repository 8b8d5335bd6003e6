// Files that the compiler writes: whole or not at all, and never over what is no regular file.
// Names are taken as they are: LLVM's functions for unique names take a % in a path for a place of
// theirs.
#ifndef AUTOPAR_COMPILER_FILES_FILES_H
#define AUTOPAR_COMPILER_FILES_FILES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace autopar {

/// The path of a file in a folder.
std::string inFolder(llvm::StringRef folder, llvm::StringRef file);

/// Writes all of a file, which is there when this returns and not before; `-` is standard output.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef text);
llvm::Error writeFile(llvm::StringRef path,
                      llvm::function_ref<void(llvm::raw_ostream &)> write);

/// A file that an option names.
struct NamedFile {
  std::string option, path; ///< The path is empty where the option is not given.
  /// The option whose file an output may take the place of, being one more of its kind.
  std::string mayReplace = {};
};

/// Whether all outputs can be written, no two to one file, and none over an input: known at once,
/// and better to hear before the work than after.
llvm::Error checkOutputs(llvm::ArrayRef<NamedFile> outputs, llvm::ArrayRef<NamedFile> inputs);

/// Whether files can be written into a folder, which need not exist.
llvm::Error checkFolder(llvm::StringRef folder);

/// The place behind all links where a file that another program makes may be put; an error where
/// what is there is no regular file.
llvm::Expected<std::string> placeOf(llvm::StringRef path);

/// Makes an empty file or folder `PREFIX.x7Hq2f` that nobody had. The file goes where a signal ends
/// the tool.
llvm::Expected<std::string> makeUniqueFile(llvm::StringRef prefix);
llvm::Expected<std::string> makeUniqueFolder(llvm::StringRef prefix);
/// Likewise where the system keeps what is temporary, such as /tmp; `suffix` ends a file's name.
llvm::Expected<std::string> makeTemporaryFile(llvm::StringRef name, llvm::StringRef suffix);
llvm::Expected<std::string> makeTemporaryFolder(llvm::StringRef name);

/// An error that says what was done to which file, and the system's reason.
llvm::Error fileError(const llvm::Twine &what, std::error_code reason);

} // namespace autopar

#endif
