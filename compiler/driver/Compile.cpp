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
/// More than any device has.
constexpr int64_t unlimited = int64_t(1) << 60;

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

  //===- within the budget ----------------------------------------------------------------===//

  /// A whole plan that is within the budget.
  struct Candidate {
    OwningOpRef<ModuleOp> module;
    std::vector<FunctionSharding> shardings;
    Prediction prediction;
    MemoryReport memory;
    remat::Result recomputation;
  };

  /// The sharding that is fastest, if it fits. Otherwise two ways are tried, and the faster plan
  /// is kept: a sharding that holds less, and recomputation on the fastest sharding.
  LogicalResult fit() {
    OwningOpRef<ModuleOp> step = std::move(module);
    module = cast<ModuleOp>(step.get()->clone());
    std::vector<Diagnostic> complaints;
    if (failed(runQuietly([&] { return runRound(result.budget); }, &complaints))) {
      // Of a budget that is too small for any sharding, recomputation may have another opinion.
      if (result.shardings.empty() || !result.shardings.back().result.leastUsage) {
        for (Diagnostic &complaint : complaints)
          step->getContext()->getDiagEngine().emit(std::move(complaint));
        return failure();
      }
    } else if (consider(result.budget)) {
      return keepBest();
    } else {
      shareWithin = nearby;
      shardForLess(*step);
    }
    recompute(*step);
    if (best)
      return keepBest();
    return refuse(*step);
  }

  /// Searches for the largest allowance to the sharding whose whole plan is within the budget.
  /// What the solver does not see (workspaces, collectives' buffers) takes its share.
  void shardForLess(ModuleOp step) {
    int64_t tooSmall = 0, tooLarge = result.budget + 1, limit = result.budget;
    for (int round = 0; round < maxRounds; ++round) {
      module = cast<ModuleOp>(step->clone());
      if (succeeded(runQuietly([&] { return runRound(limit); }))) {
        if (consider(limit))
          return;
        tooLarge = limit;
        limit -= result.memory.arenaBytes - result.budget;
      } else {
        tooSmall = limit;
      }
      if (limit <= tooSmall)
        limit = tooSmall + (tooLarge - tooSmall) / 2;
      if (limit <= tooSmall || limit >= tooLarge)
        return;
    }
  }

  /// Drops activations of the fastest sharding until the plan is within the budget.
  void recompute(ModuleOp step) {
    module = cast<ModuleOp>(step->clone());
    if (failed(runQuietly([&] { return runPlan(unlimited); })))
      return;
    OwningOpRef<ModuleOp> planned = std::move(module);
    bool isLeast = false;
    for (int round = 0; round < maxRounds; ++round) {
      module = cast<ModuleOp>(planned.get()->clone());
      result.recomputation = {};
      if (failed(runQuietly([&] { return runLowering(); }))) {
        if (isLeast || result.recomputation.peak <= 0)
          return;
        // As little as the solver can do: it may fit after all, and the message names it.
        isLeast = true;
        activations = result.recomputation.peak;
        continue;
      }
      if (consider(unlimited) || isLeast)
        return;
      // Calls need workspaces beside what the solver counts.
      int64_t excess = result.memory.arenaBytes - result.budget;
      activations = activations > 0 ? activations - excess : result.budget - residentBytes();
      activations = std::max<int64_t>(activations, 1);
    }
  }

  /// What the last plan holds throughout.
  int64_t residentBytes() const {
    int64_t bytes = 0;
    for (const auto &[kind, size] : result.memory.byKind)
      if (kind <= rt::BufferKind::Input)
        bytes += size;
    return bytes;
  }

  /// Notes the plan just made; keeps it if it is within the budget and the fastest so far.
  bool consider(int64_t limit) {
    int64_t arena = result.memory.arenaBytes;
    result.rounds.push_back({limit == unlimited ? 0 : limit, activations, arena,
                             result.prediction.seconds()});
    if (!least || arena < least->arenaBytes)
      least = result.memory;
    if (arena > result.budget)
      return false;
    if (!best || result.prediction.seconds() < best->prediction.seconds())
      best = Candidate{std::move(module), result.shardings, result.prediction, result.memory,
                       result.recomputation};
    return true;
  }

  LogicalResult keepBest() {
    module = std::move(best->module);
    result.shardings = std::move(best->shardings);
    result.prediction = std::move(best->prediction);
    result.memory = std::move(best->memory);
    result.recomputation = std::move(best->recomputation);
    return success();
  }

  LogicalResult refuse(ModuleOp step) {
    InFlightDiagnostic error = step.emitError("no plan fits ")
                               << formatByteSize(result.budget) << " a device";
    if (!least)
      return error;
    error << "; the least peak found is " << formatByteSize(least->arenaBytes);
    Diagnostic &note = error.attachNote();
    note << "largest at the peak:";
    for (const MemoryReport::Buffer &buffer : ArrayRef(least->buffers).take_front(5))
      note << " " << buffer.name << " (" << formatByteSize(buffer.bytes) << ")";
    return error;
  }

  /// Runs without a word; what would have been said goes to `complaints`.
  LogicalResult runQuietly(llvm::function_ref<LogicalResult()> run,
                           std::vector<Diagnostic> *complaints = nullptr) {
    ScopedDiagnosticHandler quiet(context(), [&](Diagnostic &diagnostic) {
      if (complaints)
        complaints->push_back(std::move(diagnostic));
      return success();
    });
    return run();
  }
  MLIRContext *context() { return module->getContext(); }

  LogicalResult runRound(int64_t limit) {
    return failure(failed(runPlan(limit)) || failed(runLowering()));
  }

  LogicalResult runPlan(int64_t limit) {
    result.shardings.clear();
    return runPhase("plan", [&](OpPassManager &passes) {
      buildSharding(passes, options, limit, &result.shardings);
    });
  }

  LogicalResult runLowering() {
    if (failed(runPhase("spmd", [&](OpPassManager &passes) {
          buildPartition(passes, options, shareWithin, activations, &result.recomputation);
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
  int64_t activations = 0; ///< What recomputation leaves them; 0: all they want.
  std::optional<CostModel> costs;
  Compilation result;
  std::optional<Candidate> best;
  std::optional<MemoryReport> least; ///< Of the plans so far.
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
