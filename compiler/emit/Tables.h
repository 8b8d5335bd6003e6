// The description of an emitted program: variables, inputs, outputs, mesh, predictions, as the
// runtime reads them (runtime/core/Description.h).
#ifndef AUTOPAR_COMPILER_EMIT_TABLES_H
#define AUTOPAR_COMPILER_EMIT_TABLES_H

#include "compiler/emit/Constants.h"
#include "compiler/emit/Emit.h"
#include "compiler/emit/Scope.h"

#include <string>
#include <vector>

namespace autopar::emit {

/// The constants `variables`, `stepInputs` … and `description`, a line of text each.
llvm::Expected<std::vector<std::string>> descriptionTables(mlir::ModuleOp module,
                                                           const VariableScope &variables,
                                                           const Constants &constants,
                                                           const EmitOptions &options);

/// The name that the program goes by.
std::string modelName(mlir::ModuleOp module, const EmitOptions &options);

} // namespace autopar::emit

#endif
