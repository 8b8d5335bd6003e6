// What a target makes of the frame around a program's calls: the headers it includes, what its
// structs hold, the parts of the runtime it carries and how it is built.
#ifndef AUTOPAR_COMPILER_EMIT_PROGRAMFORM_H
#define AUTOPAR_COMPILER_EMIT_PROGRAMFORM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace autopar::emit {

struct ProgramForm {
  /// Declares the program's base and main.
  llvm::StringRef header;
  /// What calls are given besides their operands: its type; empty where there is no such thing.
  llvm::StringRef contextType;
  llvm::StringRef trainMain;
  /// Folders of the runtime's sources, their subfolders included.
  llvm::ArrayRef<llvm::StringRef> rooms;
  /// The libraries that those make, in the order in which a linker wants them.
  llvm::ArrayRef<llvm::StringRef> libraries;
  /// What these need in turn, as options of the linker.
  llvm::ArrayRef<llvm::StringRef> linkOptions;
};

/// `target` is one of rt::targetNames().
const ProgramForm &programForm(llvm::StringRef target);

} // namespace autopar::emit

#endif
