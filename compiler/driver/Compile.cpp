// Goes down the road, and round its middle until the plan fits: a sharding is chosen by what its
// values hold, the memory plan adds what collectives and workspaces need.
#include "compiler/driver/Compile.h"

#include "compiler/driver/ByteSize.h"
#include "compiler/driver/Pipeline.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace mlir;

namespace autopar {
namespace {

/// Rounds after which a plan that does not fit is given up.
constexpr int maxRounds = 8;
/// Readers of a resharded value share it where they are within so many operations.
constexpr int64_t anywhere = std::numeric_limits<int64_t>::max(), nearby = 32;

class Compiler {
public:
  Compiler(OwningOpRef<ModuleOp> model, const CompileOptions &options)
      : module(std::move(model)), options(options) {}

  FailureOr<Compilation> run() {
    auto start = std::chrono::steady_clock::now();
    auto print = llvm::scope_exit([&] { llvm::outs() << printed; });
    if (failed(findTarget()) || failed(runPhase("model", [](OpPassManager &) {})) ||
        failed(runPhase("training-step", buildDifferentiation)) || failed(fit()))
      return failure();
    std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    result.passSeconds = passed.count();
    result.module = std::move(module);
    return std::move(result);
  }

private:
  LogicalResult findTarget() {
    if (options.target != "cpu")
      return module->emitError("target '")
             << options.target << "' is not available in this build; use --target cpu";
    if (options.device.empty())
      options.device = "cpu";
    llvm::Expected<Mesh> mesh = Mesh::parse(options.mesh);
    if (!mesh)
      return module->emitError(llvm::toString(mesh.takeError()));
    llvm::Expected<DeviceModel> device = DeviceModel::load(options.device);
    if (!device)
      return module->emitError(llvm::toString(device.takeError()));
    result.mesh = *mesh;
    result.device = device->name;
    result.budget = options.memoryBudget > 0 ? options.memoryBudget
                                             : static_cast<int64_t>(device->memory.value);
    llvm::Expected<CostModel> created = CostModel::create(*mesh, *device);
    if (!created)
      return module->emitError(llvm::toString(created.takeError()));
    costs.emplace(std::move(*created));
    return success();
  }

  LogicalResult runPhase(StringRef step, llvm::function_ref<void(OpPassManager &)> build) {
    PassManager passes(module->getContext());
    build(passes);
    if (failed(passes.run(*module)))
      return failure();
    if (options.printAfter == step) {
      printed.clear(); // of several rounds the last one counts
      llvm::raw_string_ostream out(printed);
      module->print(out, OpPrintingFlags()
                             .enableDebugInfo(true, /*prettyForm=*/false)
                             .useLocalScope()
                             .printNameLocAsPrefix());
    }
    return success();
  }

  /// Searches for the largest allowance to the sharding whose whole plan is within the budget.
  /// What the solver does not see (workspaces, collectives' buffers) takes its share.
  LogicalResult fit() {
    OwningOpRef<ModuleOp> step = std::move(module);
    int64_t tooSmall = 0, tooLarge = 0, limit = result.budget;
    std::optional<MemoryReport> least;
    for (int round = 0; round < maxRounds; ++round) {
      module = cast<ModuleOp>(step.get()->clone());
      // The first round's complaints are about the user's own budget; later ones only guide.
      if (succeeded(round == 0 ? runRound(limit) : runQuietly(limit))) {
        int64_t arena = result.memory.arenaBytes;
        result.rounds.push_back({limit, arena, result.prediction.seconds()});
        if (arena <= result.budget)
          return success();
        if (!least || arena < least->arenaBytes)
          least = result.memory;
        if (shareWithin > nearby) {
          // Before less is allowed: no copies that are kept from the forward pass for the backward.
          shareWithin = nearby;
          continue;
        }
        tooLarge = limit;
        limit -= arena - result.budget;
      } else if (round == 0) {
        return failure();
      } else {
        tooSmall = limit;
      }
      if (limit <= tooSmall)
        limit = tooSmall + (tooLarge - tooSmall) / 2;
      if (limit <= tooSmall || limit >= tooLarge)
        break;
    }
    InFlightDiagnostic error = module->emitError("no plan fits ")
                               << formatByteSize(result.budget)
                               << " a device; the least peak found is "
                               << formatByteSize(least->arenaBytes);
    Diagnostic &note = error.attachNote();
    note << "largest at the peak:";
    for (const MemoryReport::Buffer &buffer : ArrayRef(least->buffers).take_front(5))
      note << " " << buffer.name << " (" << formatByteSize(buffer.bytes) << ")";
    return error;
  }

  LogicalResult runQuietly(int64_t limit) {
    ScopedDiagnosticHandler quiet(module->getContext(),
                                  [](Diagnostic &) { return success(); });
    return runRound(limit);
  }

  LogicalResult runRound(int64_t limit) {
    result.shardings.clear();
    if (failed(runPhase("plan",
                        [&](OpPassManager &passes) {
                          buildSharding(passes, options, limit, &result.shardings);
                        })) ||
        failed(runPhase("spmd",
                        [&](OpPassManager &passes) {
                          buildPartition(passes, options, shareWithin);
                        })))
      return failure();
    result.prediction =
        predict(module->lookupSymbol<func::FuncOp>(stepFunctionName), *costs);
    if (failed(runPhase("calls", buildCalls)) ||
        failed(runPhase("memory-plan", buildMemoryPlan)))
      return failure();
    result.memory = reportMemory(*module);
    return success();
  }

  OwningOpRef<ModuleOp> module;
  CompileOptions options;
  int64_t shareWithin = anywhere;
  std::optional<CostModel> costs;
  Compilation result;
  std::string printed; ///< The program after options.printAfter.
};

} // namespace

PlanFile planOf(const Compilation &compilation) {
  PlanFile plan;
  plan.mesh = compilation.mesh.str();
  for (const FunctionSharding &sharding : compilation.shardings)
    plan.functions[sharding.function] = sharding.plan;
  return plan;
}

FailureOr<Compilation> compile(OwningOpRef<ModuleOp> model, const CompileOptions &options) {
  return Compiler(std::move(model), options).run();
}

} // namespace autopar
