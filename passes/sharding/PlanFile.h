// A plan as a JSON file, by value name: saved by --plan-out, kept to by --plan-in.
//
//   {"mesh": "2x2",
//    "functions": {"step": {"conv1": "S01R = S01R x RR", "bn1.stats": "R|U01 = S01R -> R"}}}
//
// A function may name only some of its values; the solver chooses for the others.
#ifndef AUTOPAR_PASSES_SHARDING_PLANFILE_H
#define AUTOPAR_PASSES_SHARDING_PLANFILE_H

#include "dialects/dist/Spec.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace autopar {

/// The strategy of each value, by name and in the function's order.
using PlanText = std::vector<std::pair<std::string, std::string>>;

struct PlanFile {
  std::string mesh;
  std::map<std::string, PlanText> functions;

  /// The error says what is wrong and where: no such file, not JSON, a field of another type.
  static llvm::Expected<PlanFile> read(llvm::StringRef path);
  /// The text of such a file; `path` opens messages.
  static llvm::Expected<PlanFile> parse(llvm::StringRef text, llvm::StringRef path);
  /// The same, for a mesh as Mesh::str writes it; a plan for another is an error.
  static llvm::Expected<PlanFile> readFor(llvm::StringRef mesh, llvm::StringRef path);
  /// Written beside and renamed, so that no half of a file is left.
  llvm::Error write(llvm::StringRef path) const;
};

} // namespace autopar

#endif
