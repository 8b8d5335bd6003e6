// The pipeline, a line a pass.
#include "compiler/driver/Pipeline.h"

namespace autopar {

llvm::ArrayRef<llvm::StringRef> stepNames() {
  static constexpr llvm::StringRef names[] = {"model", "training-step", "plan",
                                              "spmd",  "calls",         "memory-plan"};
  return names;
}

void buildDifferentiation(mlir::OpPassManager &passes, const CompileOptions &options) {
  const double lossScale = options.lossScale.value_or(options.precision == "fp16" ? 65536 : 0);
  passes.addPass(createVerifyModel());
  passes.addPass(createNameValues());
  passes.addPass(createSetPrecision({options.precision}));
  passes.addPass(createDeriveEvaluation());
  passes.addPass(createDifferentiate({options.microBatches, lossScale}));
  passes.addPass(createFuseElementwise());
  // What differentiation emitted must have names of its own as well.
  passes.addPass(createNameValues());
  passes.addPass(createVerifyTrainingStep());
}

void buildSharding(mlir::OpPassManager &passes, const CompileOptions &options,
                   int64_t memoryLimit, std::vector<FunctionSharding> *report) {
  SolveShardingOptions solve;
  solve.mesh = options.mesh;
  solve.device = options.device;
  solve.memoryLimit = memoryLimit;
  solve.timeLimit = options.timeLimit;
  solve.planIn = options.planIn;
  solve.problemOut = options.problemOut;
  passes.addPass(createSolveSharding(solve, report));
  passes.addPass(createVerifyPlan());
}

void buildPartition(mlir::OpPassManager &passes, const CompileOptions &options,
                    const LoweringWishes &wishes, remat::Result *report) {
  passes.addPass(createPartition({options.device, wishes.shareWithin}));
  if (wishes.activations > 0)
    passes.addPass(createRematerialize({options.device, wishes.activations, wishes.timeLimit,
                                        /*leastPeak=*/true,
                                        rt::findTarget(options.target)->alignment},
                                       wishes.workspaces, wishes.known, report));
  passes.addPass(createBucketCollectives({options.bucketBytes}));
  if (wishes.spare && rt::findTarget(options.target)->communicatesBeside)
    passes.addPass(createScheduleCommunication({options.device, *wishes.spare}));
  passes.addPass(createNameValues());
  passes.addPass(createVerifySpmd());
}

void buildCalls(mlir::OpPassManager &passes, const CompileOptions &options) {
  if (options.target == "cuda") {
    passes.addPass(createLowerToCuda({options.gpu, options.deterministic}));
    passes.addPass(createFuseNorms({options.gpu}));
    passes.addPass(createFuseEpilogues());
    // What a product does not do with the rest.
    passes.addPass(createFuseChains());
    // What a product adds to, no other call must.
    passes.addPass(createMergeUpdates());
  } else {
    passes.addPass(createLowerToCpu());
  }
  passes.addPass(createVerifyCalls());
}

void buildMemoryPlan(mlir::OpPassManager &passes) {
  passes.addPass(createPlanMemory());
  passes.addPass(createVerifyMemory());
}

} // namespace autopar
