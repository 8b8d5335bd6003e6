// The buffers and calls of one function as members of a struct of the emitted program.
#ifndef AUTOPAR_COMPILER_EMIT_SCOPE_H
#define AUTOPAR_COMPILER_EMIT_SCOPE_H

#include "compiler/emit/Block.h"
#include "compiler/emit/CallText.h"
#include "compiler/emit/Identifiers.h"
#include "compiler/emit/Kernels.h"
#include "dialects/rt/Rt.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace autopar::emit {

/// A variable: its slice (the first of the module), and what its pointer is called.
struct Variable {
  rt::SliceOp slice;
  std::string identifier;
};

/// The module's variables in the order of their offsets.
class VariableScope {
public:
  explicit VariableScope(mlir::ModuleOp module);

  llvm::ArrayRef<Variable> variables() const { return all; }
  const Variable &variable(llvm::StringRef name) const { return all[numbers.at(name)]; }
  /// Names given out so far; a function's own follow.
  const Identifiers &names() const { return given; }

  /// A line for each of the variables that `isNeeded`.
  std::vector<std::string>
  declarations(llvm::function_ref<bool(rt::SliceOp)> isNeeded) const;

private:
  std::vector<Variable> all;
  llvm::StringMap<size_t> numbers;
  Identifiers given;
};

/// The buffers and calls of one function: of layers that are alike in a struct of theirs, `h_[3].ln_1_`,
/// the others as members of the function's own.
class FunctionScope {
public:
  FunctionScope(mlir::func::FuncOp function, const VariableScope &variables,
                const Kernels &kernels);

  /// The calls and joins in their order, which of them are turns of loops, and the layers of those.
  llvm::ArrayRef<mlir::Operation *> operations() const { return all; }
  llvm::ArrayRef<Repeat> repeats() const { return found; }
  const std::vector<Block> &blocks() const { return alike; }
  const Block &blockOf(const Repeat &repeat) const;

  /// The pointer to a buffer, outside of loops: a variable's, the function's own or a layer's; views
  /// have their source's.
  std::string buffer(mlir::Value memory) const { return buffer(declared(memory)); }
  std::string buffer(rt::SliceOp slice) const;
  std::string object(rt::CallOp call) const { return objects.lookup(call); }
  /// The member that is the list of what a call reads, or writes, where loops make it; else empty.
  std::string list(rt::CallOp call, bool written) const;
  /// As the functions of a block call it that stand for its middle layer.
  std::string objectSeenFrom(const Block &block, rt::CallOp call) const;
  std::string classOf(rt::CallOp call) const { return callClass(call, kernels).str(); }
  std::string typeOf(rt::CallOp call) const { return callType(call, kernels); }
  /// Whether code outside of layers calls a buffer by its own name; whether it is a member of layers.
  bool isNamed(rt::SliceOp slice) const { return named.contains(slice); }
  bool isInLayers(rt::SliceOp slice) const { return inLayers.contains(slice); }
  bool isInLayers(rt::CallOp call) const;

  /// A line for each buffer outside of layers: pointer, offset, shape, kind and lifetime.
  std::vector<std::string> bufferDeclarations() const;
  /// The same for each of a layer.
  std::vector<std::string> bufferDeclarations(const Block &block) const;
  /// Each call's object: a line, or where it holds a table one for each row.
  std::vector<std::string> callDeclarations() const;
  std::vector<std::string> callDeclarations(const Block &block) const;
  /// Lists of tensors that loops make.
  std::vector<std::string> listDeclarations() const;

private:
  void findBlocks();
  void findUses();
  void findLists(Identifiers &names);
  /// The slice that declares a value's buffer: of a variable its first.
  rt::SliceOp declared(mlir::Value memory) const;
  std::vector<std::string> declarationOf(rt::CallOp call, llvm::StringRef object) const;
  std::string commentOn(const Block &block, const Block::Member &member) const;
  std::string lifetime(rt::SliceOp slice) const;

  mutable mlir::func::FuncOp function; // MLIR's handles know no const
  const VariableScope &variables;
  const Kernels &kernels;
  ValueNames values;
  std::vector<mlir::Operation *> all;
  std::vector<Repeat> found;
  std::vector<Block> alike;
  llvm::DenseMap<mlir::Operation *, std::string> buffers, objects;
  llvm::DenseSet<mlir::Operation *> named, inLayers; ///< slices
  struct List {
    rt::CallOp call;
    bool written;
    std::string identifier, type;
    std::vector<std::string> text;
  };
  std::vector<List> lists;
  llvm::DenseMap<mlir::Operation *, rt::CallOp> lastReaders;
  /// By the slice whose bytes they take over.
  llvm::DenseMap<mlir::Operation *, rt::SliceOp> successors;
  llvm::DenseSet<mlir::Operation *> returned;
};

} // namespace autopar::emit

#endif
