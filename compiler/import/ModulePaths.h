// Where in the user's module a node comes from, in the user's words: reports, checkpoints and
// constraints speak of `layer1.0.conv1`.
#ifndef AUTOPAR_COMPILER_IMPORT_MODULEPATHS_H
#define AUTOPAR_COMPILER_IMPORT_MODULEPATHS_H

#include "compiler/import/Archive.h"
#include "compiler/import/Program.h"

namespace autopar::pt2 {

class ModulePaths {
public:
  /// `wrapper` is the attribute of the exported module that holds the one whose names count.
  /// Where it is empty, that of scripts/export-torch.py's wrapper is known by the wrapper's
  /// name.
  ModulePaths(const Program &program, llvm::StringRef wrapper);

  /// A variable's name, or a module's path, without the wrapper's part.
  llvm::StringRef own(llvm::StringRef name) const;
  /// The innermost module that the node was called in; empty for the outermost one.
  llvm::StringRef pathOf(const Node &node) const;
  /// Whether that is one of PyTorch's own, which stands for its operation.
  static bool isInLayer(const Node &node);

private:
  std::string prefix;
};

/// An error where nothing of the program lies under `wrapper`; an empty one is none.
llvm::Error checkWrapper(const Archive &archive, const Program &program,
                         llvm::StringRef wrapper);

/// An operation's name in the user's words: `add` of `aten.add_.Tensor`; any loss is `loss`.
llvm::StringRef shortName(const Node &node);

} // namespace autopar::pt2

#endif
