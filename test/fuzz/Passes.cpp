// Programs at any step of the road, given to one pass alone, as autopar-opt gives them: what a
// pass leaves is verified, and a failure says why. The pass follows from the text.
#include "Fuzz.h"
#include "Program.h"

#include "compiler/emit/Emit.h"
#include "passes/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

#include <functional>

using namespace autopar;

namespace {

/// Those that take no second, with options that ask nothing of a machine.
constexpr const char *pipelines[] = {
    "autopar-verify-model",
    "autopar-name-values",
    "autopar-set-precision{precision=bf16}",
    "autopar-derive-evaluation",
    "autopar-differentiate",
    "autopar-differentiate{micro-batches=4 loss-scale=8}",
    "autopar-fuse-elementwise",
    "autopar-verify-training-step",
    "autopar-solve-sharding{mesh=2 time-limit=1}",
    "autopar-solve-sharding{mesh=2 time-limit=1},autopar-partition,autopar-bucket-collectives",
    "autopar-verify-plan",
    "autopar-partition",
    "autopar-verify-spmd",
    "autopar-bucket-collectives",
    "autopar-rematerialize{budget=4096 time-limit=0.1}",
    "autopar-schedule-communication",
    "autopar-lower-to-cpu",
    "autopar-lower-to-cuda",
    "autopar-verify-calls",
    "autopar-plan-memory{time-limit=0.05}",
    "autopar-verify-memory",
    "autopar-fuse-norms",
    "autopar-fuse-epilogues",
    "autopar-fuse-chains",
    "autopar-merge-updates"};

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  registerAutoparPasses();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Program program(fuzz::text(data, size));
  if (!program.module)
    return 0;
  const size_t choice = std::hash<std::string_view>()(fuzz::text(data, size));
  mlir::PassManager passes(&program.context, "builtin.module");
  const char *pipeline = pipelines[choice % (sizeof pipelines / sizeof *pipelines)];
  if (failed(mlir::parsePassPipeline(pipeline, passes, llvm::errs())))
    std::abort();
  const int before = program.errors;
  if (failed(passes.run(*program.module)))
    fuzz::require(program.errors > before, std::string(pipeline) + " failed without a word");
  return 0;
}
