// A folder of files that autopar writes, beside which a user may keep other ones: a checkpoint, a
// log, a build. Files appear all together or not at all; what is not autopar's stays.
#ifndef AUTOPAR_COMPILER_FILES_FOLDER_H
#define AUTOPAR_COMPILER_FILES_FOLDER_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace autopar {

/// Whether replaceFolder may write to `directory`, which need not exist: as far as can be known
/// without what is to be written.
llvm::Error checkReplaceable(llvm::StringRef directory);

/// Calls `write` with an empty folder of its own, and puts what it has written there in place:
/// all of it in a new folder, or in one that is there what its manifest says to be autopar's.
/// Nothing is changed where `write` fails, nor where a file to be replaced or removed has been
/// changed since or is not autopar's. Stopped halfway it can be done again: files that have yet to
/// be replaced, and those that have been, are in the manifest all the while. Of two at one folder
/// the second waits.
llvm::Error replaceFolder(llvm::StringRef directory,
                          llvm::function_ref<llvm::Error(llvm::StringRef)> write);

/// While it lives, nobody else's replaceFolder changes the folder, which exists.
class FolderLock {
public:
  explicit FolderLock(llvm::StringRef folder);
  ~FolderLock();
  FolderLock(const FolderLock &) = delete;
  FolderLock &operator=(const FolderLock &) = delete;

private:
  int descriptor;
};

} // namespace autopar

#endif
