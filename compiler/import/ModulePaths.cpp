// See ModulePaths.h.
#include "compiler/import/ModulePaths.h"

#include "llvm/ADT/SetVector.h"

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

llvm::Error checkWrapper(const Archive &archive, const Program &program,
                         llvm::StringRef wrapper) {
  if (wrapper.empty())
    return llvm::Error::success();
  llvm::SmallVector<llvm::StringRef> all; // modules' paths, and names below them
  for (const Input &input : program.inputs)
    if (input.kind != Input::Kind::User && llvm::StringRef(input.target).contains('.'))
      all.push_back(input.target);
  for (const Node &node : program.nodes)
    all.push_back(innermost(node).path);
  std::string prefix = (wrapper + ".").str();
  llvm::SmallSetVector<llvm::StringRef, 8> beginnings;
  for (llvm::StringRef path : all) {
    if (path == wrapper || path.starts_with(prefix))
      return llvm::Error::success();
    if (!path.empty())
      beginnings.insert(path.split('.').first);
  }
  std::string known;
  for (llvm::StringRef beginning : beginnings)
    known += (known.empty() ? "'" : ", '") + beginning.str() + "'";
  return archive.error("no part of the module is called '" + wrapper + "' (--wrapper); " +
                       (known.empty() ? "it has no parts" : "its parts are " + known));
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
