// An optimizer as a text: `sgd lr=0.1 momentum=0.9 weight_decay=1e-4`. Names and defaults are
// torch.optim's.
#ifndef AUTOPAR_COMPILER_IMPORT_OPTIMIZER_H
#define AUTOPAR_COMPILER_IMPORT_OPTIMIZER_H

#include "dialects/graph/Graph.h"

#include "llvm/Support/Error.h"

namespace autopar::pt2 {

llvm::Expected<mlir::Attribute> readOptimizer(mlir::MLIRContext &context, llvm::StringRef text);

} // namespace autopar::pt2

#endif
