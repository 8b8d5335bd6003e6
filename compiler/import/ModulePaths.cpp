// See ModulePaths.h.
#include "compiler/import/ModulePaths.h"

namespace autopar::pt2 {

namespace {
/// An entry of nn_module_stack: `L__self__model.fc,model.fc,torch.nn.modules.linear.Linear`.
struct Frame {
  llvm::StringRef path, type;
};
} // namespace

static Frame frame(llvm::StringRef entry) {
  auto [rest, type] = entry.rsplit(',');
  return {rest.split(',').second, type};
}
static Frame innermost(const Node &node) {
  llvm::StringRef stack = node.modules;
  return frame(stack.contains(';') ? stack.rsplit(';').second : stack);
}

ModulePaths::ModulePaths(const Program &program, llvm::StringRef wrapper) {
  if (!wrapper.empty()) {
    prefix = (wrapper + ".").str();
    return;
  }
  for (const Node &node : program.nodes) {
    if (node.modules.empty())
      continue;
    if (frame(llvm::StringRef(node.modules).split(';').first).type.ends_with(".WithLoss"))
      prefix = "model.";
    return;
  }
}

llvm::StringRef ModulePaths::own(llvm::StringRef name) const {
  if (!prefix.empty() && name == llvm::StringRef(prefix).drop_back())
    return "";
  name.consume_front(prefix);
  return name;
}

llvm::StringRef ModulePaths::pathOf(const Node &node) const {
  return own(innermost(node).path);
}

bool ModulePaths::isInLayer(const Node &node) {
  llvm::StringRef type = innermost(node).type;
  return type.starts_with("torch.nn.modules.") &&
         !type.starts_with("torch.nn.modules.container.");
}

llvm::StringRef shortName(const Node &node) {
  llvm::StringRef name = llvm::StringRef(node.target).split('.').second.split('.').first;
  if (name.empty())
    return node.target;
  if (name.contains("loss"))
    return "loss";
  return name.rtrim('_').empty() ? name : name.rtrim('_');
}

} // namespace autopar::pt2
