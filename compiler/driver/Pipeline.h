// The road as phases of passes. Each phase ends where --print-after can show the program.
#ifndef AUTOPAR_COMPILER_DRIVER_PIPELINE_H
#define AUTOPAR_COMPILER_DRIVER_PIPELINE_H

#include "compiler/driver/Road.h"

#include "mlir/Pass/PassManager.h"

namespace autopar {

/// The names that --print-after takes, in the order of the road.
llvm::ArrayRef<llvm::StringRef> stepNames();

/// model -> training-step: forward, backward, update; and the evaluation beside it.
void buildDifferentiation(mlir::OpPassManager &passes, const CompileOptions &options);
/// training-step -> plan: every value has a sharding. `report` is filled while it runs.
void buildSharding(mlir::OpPassManager &passes, const CompileOptions &options,
                   int64_t memoryLimit, std::vector<FunctionSharding> *report);
/// plan -> spmd: local shapes, explicit collectives; recomputation where it is wished for; an order
/// that has communication beside computation, where the target does.
void buildPartition(mlir::OpPassManager &passes, const CompileOptions &options,
                    const LoweringWishes &wishes, remat::Result *report);
/// spmd -> calls: the target's runtime, workspaces known.
void buildCalls(mlir::OpPassManager &passes, const CompileOptions &options);
/// calls -> memory-plan: every buffer has its bytes of the arena.
void buildMemoryPlan(mlir::OpPassManager &passes);

} // namespace autopar

#endif
