// See Scope.h.
#include "compiler/emit/Scope.h"

#include "compiler/emit/CallText.h"
#include "compiler/emit/Literals.h"
#include "compiler/emit/Roles.h"
#include "dialects/graph/Names.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace autopar::emit {

static std::string declaration(rt::SliceOp slice, StringRef identifier) {
  std::string offset = std::to_string(int64_t(slice.getOffset()));
  if (slice.getKind() == rt::BufferKind::Workspace ||
      (slice.getKind() == rt::BufferKind::Communication &&
       slice.getType().getElementType().isInteger(8)))
    return ("void *const " + identifier + " = arena.slice(" + offset + ", " +
            std::to_string(slice.getBytes()) + ").data();")
        .str();
  StringRef type = elementType(slice.getType());
  return (type + " *const " + identifier + " = arena.at<" + type + ">(" + offset + ", " +
          shape(slice.getType()) + ");")
      .str();
}

/// A declaration, and what is said of it behind it.
using Entry = std::pair<std::string, std::string>;

/// The entries as a table: comments stand below each other, but for those behind long lines.
static std::vector<std::string> table(ArrayRef<Entry> entries) {
  constexpr size_t longLine = 84;
  size_t column = 0;
  for (const auto &[code, comment] : entries)
    if (code.size() <= longLine)
      column = std::max(column, code.size());
  std::vector<std::string> lines;
  for (const auto &[code, comment] : entries) {
    std::string padding(column > code.size() ? column - code.size() : 0, ' ');
    lines.push_back(code + padding + " // " + comment);
  }
  return lines;
}

VariableScope::VariableScope(ModuleOp module) {
  llvm::StringMap<rt::SliceOp> first;
  module.walk([&](rt::SliceOp slice) {
    if (slice.isVariable() && !slice.getUpdates() &&
        first.try_emplace(slice.getName(), slice).second)
      all.push_back({slice, ""});
  });
  llvm::stable_sort(all, [](const Variable &a, const Variable &b) {
    return rt::SliceOp(a.slice).getOffset() < rt::SliceOp(b.slice).getOffset();
  });
  for (Variable &variable : all) {
    variable.identifier = given.ofModel(variable.slice.getName());
    identifiers[variable.slice.getName()] = variable.identifier;
  }
}

std::vector<std::string> VariableScope::declarations() const {
  std::vector<Entry> entries;
  for (const Variable &variable : all) {
    rt::SliceOp slice = variable.slice;
    entries.push_back(
        {declaration(slice, variable.identifier), stringifyBufferKind(slice.getKind()).str()});
  }
  return table(entries);
}

static rt::SliceOp sliceOf(Value memory) {
  while (auto view = memory.getDefiningOp<rt::ViewOp>())
    memory = view.getSource();
  return memory.getDefiningOp<rt::SliceOp>();
}

FunctionScope::FunctionScope(func::FuncOp function, const VariableScope &variables,
                             const Kernels &kernels)
    : function(function), kernels(kernels) {
  Identifiers names = variables.names();
  const RoleNames roleName(function);
  for (rt::SliceOp slice : function.getOps<rt::SliceOp>()) {
    if (slice.isVariable())
      buffers[slice] = variables.identifierOf(slice.getUpdates().value_or(slice.getName()));
    else
      buffers[slice] = names.ofModel(roleName(slice.getName()));
  }
  for (rt::CallOp call : function.getOps<rt::CallOp>()) {
    objects[call] = names.ofCall(callClass(call, kernels), nameOf(call.getOperation()));
    for (Value input : call.getInputs()) {
      rt::SliceOp read = sliceOf(input);
      lastReaders[read] = call;
      for (Value out : call.getOuts())
        if (sliceOf(out).getOffset() == read.getOffset())
          successors[read] = sliceOf(out);
    }
  }
  for (Value value : function.front().getTerminator()->getOperands())
    returned.insert(sliceOf(value));
}

std::string FunctionScope::buffer(Value memory) const {
  return buffers.lookup(sliceOf(memory));
}

/// Why its bytes may be used again: `until conv2dForward_conv2`, the call that reads it last.
std::string FunctionScope::lifetime(rt::SliceOp slice) const {
  if (rt::SliceOp next = successors.lookup(slice))
    return ", then " + buffers.lookup(next) + " in its place";
  if (returned.contains(slice))
    return ", to the end";
  if (rt::CallOp call = lastReaders.lookup(slice))
    return ", until " + objects.lookup(call);
  return "";
}

std::vector<std::string> FunctionScope::bufferDeclarations() const {
  std::vector<Entry> entries;
  for (rt::SliceOp slice : function.getOps<rt::SliceOp>())
    if (!slice.isVariable())
      entries.push_back({declaration(slice, buffers.lookup(slice)),
                         stringifyBufferKind(slice.getKind()).str() + lifetime(slice)});
  return table(entries);
}

std::vector<std::string> FunctionScope::callDeclarations() const {
  std::vector<std::string> lines;
  for (rt::CallOp call : function.getOps<rt::CallOp>()) {
    std::vector<std::string> initialiser =
        callInitialiser(call, [&](Value memory) { return buffer(memory); });
    initialiser.front() =
        "const " + callType(call, kernels) + " " + objects.lookup(call) + initialiser.front();
    initialiser.back() += ";";
    llvm::append_range(lines, initialiser);
  }
  return lines;
}

} // namespace autopar::emit
