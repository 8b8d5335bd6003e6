// The nodes of an export that have no equivalent: counted by operation and reason, with the
// modules that they are called in.
#ifndef AUTOPAR_COMPILER_IMPORT_UNREAD_H
#define AUTOPAR_COMPILER_IMPORT_UNREAD_H

#include "compiler/import/ModulePaths.h"

namespace autopar::pt2 {

class Unread {
public:
  /// An empty reason: nothing of the operation is read.
  void add(const Node &node, llvm::StringRef reason, const ModulePaths &paths);
  bool empty() const { return found.empty(); }
  /// One line each.
  std::string list() const;

private:
  struct Operation {
    std::string target, reason;
    unsigned count = 0;
    std::vector<std::string> modules; ///< none twice, in their order
  };
  std::vector<Operation> found;
};

} // namespace autopar::pt2

#endif
