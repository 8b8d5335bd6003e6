// What an emitted program says at its top.
#ifndef AUTOPAR_COMPILER_EMIT_HEADER_H
#define AUTOPAR_COMPILER_EMIT_HEADER_H

#include "compiler/emit/Emit.h"

#include <vector>

namespace autopar::emit {

/// The command line, the mesh, the predicted time and the memory at its peak, as comment lines.
std::vector<std::string> headerComment(mlir::ModuleOp module, const EmitOptions &options);

} // namespace autopar::emit

#endif
