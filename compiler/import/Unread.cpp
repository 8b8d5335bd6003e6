// See Unread.h.
#include "compiler/import/Unread.h"

#include "llvm/ADT/STLExtras.h"

namespace autopar::pt2 {

void Unread::add(const Node &node, llvm::StringRef reason, const ModulePaths &paths) {
  auto operation = llvm::find_if(found, [&](const Operation &other) {
    return other.target == node.target && other.reason == reason;
  });
  if (operation == found.end())
    operation = found.insert(found.end(), {node.target, reason.str(), 0, {}});
  ++operation->count;
  llvm::StringRef path = paths.pathOf(node);
  std::string module = path.empty() ? "the module itself" : path.str();
  if (!llvm::is_contained(operation->modules, module))
    operation->modules.push_back(module);
}

std::string Unread::list() const {
  constexpr size_t mostNamed = 4;
  std::string text;
  for (const Operation &operation : found) {
    text +=
        "\n  " + operation.target +
        (operation.count == 1 ? ", once" : ", " + std::to_string(operation.count) + " times") +
        ", in ";
    for (auto [index, module] : llvm::enumerate(operation.modules)) {
      if (index == mostNamed) {
        text += " and " + std::to_string(operation.modules.size() - mostNamed) + " more";
        break;
      }
      text += (index ? ", " : "") + module;
    }
    if (!operation.reason.empty())
      text += ": " + operation.reason;
  }
  return text;
}

} // namespace autopar::pt2
