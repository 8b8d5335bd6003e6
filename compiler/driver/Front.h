// The front of a tool that takes a model: MLIR's context with our dialects, diagnostics printed
// under the tool's name, the model's file read.
#ifndef AUTOPAR_COMPILER_DRIVER_FRONT_H
#define AUTOPAR_COMPILER_DRIVER_FRONT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/SourceMgr.h"

#include <memory>
#include <string>

namespace mlir {
class SourceMgrDiagnosticHandler;
}

namespace autopar {

class Front {
public:
  /// `tool` is the program's name, which opens its messages.
  explicit Front(llvm::StringRef tool);
  ~Front();

  /// Null, after a diagnostic, where the file cannot be read or is no model.
  mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef path);

  /// What the model goes by: the module's name, or that of its file.
  static std::string modelName(mlir::ModuleOp model, llvm::StringRef path);

  /// Prints the error under the tool's name; returns the exit code, 1.
  int fail(llvm::Error error) const;

  mlir::MLIRContext context;

private:
  /// Prints diagnostics that have no place in a file: the driver's own, and those of generated
  /// operations, which have a name.
  llvm::LogicalResult printWithoutPlace(mlir::Diagnostic &diagnostic) const;

  std::string tool;
  llvm::SourceMgr sources;
  std::unique_ptr<mlir::SourceMgrDiagnosticHandler> handler;
};

} // namespace autopar

#endif
