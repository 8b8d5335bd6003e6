// See Road.h.
#include "compiler/driver/Road.h"

#include "compiler/driver/Pipeline.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace autopar {

LogicalResult Road::runPhase(ModuleOp module, StringRef step,
                             llvm::function_ref<void(OpPassManager &)> build,
                             std::string *copy) {
  PassManager passes(module.getContext());
  build(passes);
  if (failed(passes.run(module)))
    return failure();
  if (options.printAfter == step) {
    printed.clear();
    llvm::raw_string_ostream out(printed);
    module->print(out, OpPrintingFlags()
                           .enableDebugInfo(true, /*prettyForm=*/false)
                           .useLocalScope()
                           .printNameLocAsPrefix());
    if (copy)
      *copy = printed;
  }
  return success();
}

LogicalResult Road::differentiate(ModuleOp model) {
  return failure(failed(runPhase(model, "model", [](OpPassManager &) {})) ||
                 failed(runPhase(model, "training-step", [&](OpPassManager &passes) {
                   buildDifferentiation(passes, options);
                 })));
}

FailureOr<ShardedStep> Road::shard(ModuleOp step, int64_t limit,
                                   std::vector<FunctionSharding> *report) {
  if (auto found = known.find(limit); found != known.end())
    return found->second.clone();
  ShardedStep sharded{cast<ModuleOp>(step->clone()), {}, printed};
  LogicalResult done = runPhase(
      *sharded.module, "plan",
      [&](OpPassManager &passes) { buildSharding(passes, options, limit, &sharded.shardings); },
      &sharded.printed);
  if (report)
    *report = sharded.shardings;
  if (failed(done))
    return failure();
  known.emplace(limit, sharded.clone());
  return sharded;
}

FailureOr<PlannedProgram> Road::lower(const ShardedStep &sharded,
                                      const LoweringWishes &wishes) {
  PlannedProgram program;
  program.module = cast<ModuleOp>(sharded.module.get()->clone());
  program.shardings = sharded.shardings;
  program.printed = sharded.printed;
  ModuleOp module = *program.module;
  if (failed(runPhase(
          module, "spmd",
          [&](OpPassManager &passes) {
            buildPartition(passes, options, wishes, &program.recomputation);
          },
          &program.printed)))
    return failure();
  program.prediction =
      predictStep(module, costs, rt::findTarget(options.target)->communicatesBeside);
  if (failed(runPhase(
          module, "calls", [&](OpPassManager &passes) { buildCalls(passes, options); },
          &program.printed)) ||
      failed(runPhase(module, "memory-plan", buildMemoryPlan, &program.printed)))
    return failure();
  program.memory = reportMemory(module);
  return program;
}

} // namespace autopar
