// The pass as the driver uses it: with what the solver said, for the report.
#ifndef AUTOPAR_PASSES_REMAT_REMATERIALIZE_H
#define AUTOPAR_PASSES_REMAT_REMATERIALIZE_H

#include "compiler/solvers/remat/Solver.h"
#include "passes/Passes.h"

#include "llvm/ADT/StringMap.h"

#include <memory>

namespace autopar {

/// Bytes of scratch memory by the name of an operation, for those that need any.
using CallWorkspaces = llvm::StringMap<int64_t>;

/// `workspaces`, where given, is what the operations' calls will need while they run. `report`,
/// where given, is filled while the pass runs; `known` is what earlier runs on this very program
/// reported. All must outlive it.
std::unique_ptr<mlir::Pass> createRematerialize(RematerializeOptions options,
                                                const CallWorkspaces *workspaces,
                                                const remat::Known *known,
                                                remat::Result *report);

} // namespace autopar

#endif
