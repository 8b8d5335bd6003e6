// The pass as the driver uses it: with what the solver said, for the report.
#ifndef AUTOPAR_PASSES_REMAT_REMATERIALIZE_H
#define AUTOPAR_PASSES_REMAT_REMATERIALIZE_H

#include "compiler/remat/Solver.h"
#include "passes/Passes.h"

#include <memory>

namespace autopar {

/// `report`, where given, is filled while the pass runs and must outlive it.
std::unique_ptr<mlir::Pass> createRematerialize(RematerializeOptions options,
                                                remat::Result *report);

} // namespace autopar

#endif
