// From an export of PyTorch's to a model as autopar-model writes them. A file that is no
// export, or a module that no program can be made of, is an error that says which; operations
// without an equivalent are listed in it, all at once.
#ifndef AUTOPAR_COMPILER_IMPORT_IMPORT_H
#define AUTOPAR_COMPILER_IMPORT_IMPORT_H

#include "compiler/import/Importer.h"

namespace autopar::pt2 {

struct ImportOptions {
  std::string optimizer; ///< as readOptimizer reads it
  std::string wrapper;   ///< as ModulePaths takes it
};

struct ImportedModel {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  Archive archive;
  Tensors tensors;
  std::vector<ImportedVariable> variables; ///< point into `tensors`
};

llvm::Expected<std::unique_ptr<ImportedModel>>
importModel(mlir::MLIRContext &context, llvm::StringRef path, const ImportOptions &options);

/// Writes the variables' numbers, f32, as a checkpoint that programs and PyTorch read.
llvm::Error writeWeights(const ImportedModel &model, llvm::StringRef path);

} // namespace autopar::pt2

#endif
