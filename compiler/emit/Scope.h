// The buffers and calls of one function as members of a struct of the emitted program.
#ifndef AUTOPAR_COMPILER_EMIT_SCOPE_H
#define AUTOPAR_COMPILER_EMIT_SCOPE_H

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
  std::string identifierOf(llvm::StringRef variable) const { return identifiers.at(variable); }
  /// Names given out so far; a function's own follow.
  const Identifiers &names() const { return given; }

  /// A line for each variable.
  std::vector<std::string> declarations() const;

private:
  std::vector<Variable> all;
  llvm::StringMap<std::string> identifiers;
  Identifiers given;
};

class FunctionScope {
public:
  FunctionScope(mlir::func::FuncOp function, const VariableScope &variables,
                const Kernels &kernels);

  /// The pointer to a buffer: a variable's, or the function's own; views have their source's.
  std::string buffer(mlir::Value memory) const;
  std::string object(rt::CallOp call) const { return objects.lookup(call); }

  /// A line for each buffer: pointer, offset, shape, kind and lifetime.
  std::vector<std::string> bufferDeclarations() const;
  /// Each call's object: a line, or where it holds a table one for each row.
  std::vector<std::string> callDeclarations() const;

private:
  std::string lifetime(rt::SliceOp slice) const;

  mutable mlir::func::FuncOp function; // MLIR's handles know no const
  const Kernels &kernels;
  llvm::DenseMap<mlir::Operation *, std::string> buffers, objects;
  llvm::DenseMap<mlir::Operation *, rt::CallOp> lastReaders;
  /// By the slice whose bytes they take over.
  llvm::DenseMap<mlir::Operation *, rt::SliceOp> successors;
  llvm::DenseSet<mlir::Operation *> returned;
};

} // namespace autopar::emit

#endif
