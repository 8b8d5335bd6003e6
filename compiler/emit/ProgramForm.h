// What a target makes of the frame around a program's calls: the headers it includes, what its
// structs hold, the parts of the runtime it carries and how it is built.
#ifndef AUTOPAR_COMPILER_EMIT_PROGRAMFORM_H
#define AUTOPAR_COMPILER_EMIT_PROGRAMFORM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace autopar::emit {

struct ProgramForm {
  /// What the program uses beside its calls.
  llvm::ArrayRef<llvm::StringRef> headers;
  /// What its structs hold beside the rank and the arena.
  llvm::ArrayRef<llvm::StringRef> members;
  /// The class through which a step is run; empty where it is run as it is.
  llvm::StringRef runner;
  /// What trainMain is told of the target.
  llvm::StringRef target;
  /// Folders of the runtime's sources, their subfolders included.
  llvm::ArrayRef<llvm::StringRef> rooms;
  /// The libraries that those make, in the order in which a linker wants them.
  llvm::ArrayRef<llvm::StringRef> libraries;
  /// Those that a CMakeLists.txt names, which bring the others.
  llvm::ArrayRef<llvm::StringRef> topLibraries;
  /// What these need in turn, as options of the linker.
  llvm::ArrayRef<llvm::StringRef> linkOptions;
};

/// `target` is one of rt::targetNames().
const ProgramForm &programForm(llvm::StringRef target);

} // namespace autopar::emit

#endif
