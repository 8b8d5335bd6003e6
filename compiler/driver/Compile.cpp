// See Compile.h.
#include "compiler/driver/Compile.h"

#include "compiler/driver/BudgetSearch.h"
#include "compiler/driver/ByteSize.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace mlir;

namespace autopar {

struct Compiler::State {
  State(OwningOpRef<ModuleOp> model, const CompileOptions &wishes)
      : model(std::move(model)), options(wishes) {}

  LogicalResult prepare() {
    auto start = std::chrono::steady_clock::now();
    if (failed(findTarget()))
      return failure();
    road.emplace(options, *costs);
    LogicalResult done = road->differentiate(*model);
    if (failed(done))
      llvm::outs() << road->printedLast();
    seconds = secondsSince(start);
    return done;
  }

  FailureOr<Compilation> plan(MemoryReport *least) {
    auto start = std::chrono::steady_clock::now();
    Compilation result;
    result.mesh = costs->mesh();
    result.device = costs->device().name;
    result.budget = arenaBudget();
    result.reserve = reserve();
    result.reserveSource = costs->device().reserve.source;
    auto print = llvm::scope_exit([&] {
      llvm::outs() << (result.program.module ? result.program.printed : road->printedLast());
    });
    BudgetSearch search(*road, options, result.budget);
    FailureOr<PlannedProgram> program = runQuietly(search, least);
    if (failed(program)) {
      if (!least && search.leastFound())
        noteReserve();
      return failure();
    }
    result.program = std::move(*program);
    result.attempts = std::move(search.attempts);
    result.passSeconds = seconds + secondsSince(start);
    return result;
  }

  OwningOpRef<ModuleOp> model; ///< Its training step, once prepared.
  CompileOptions options;
  std::optional<CostModel> costs;
  std::optional<Road> road;
  double seconds = 0; ///< Spent on what all plans share.

  /// Bytes of the device that are not for the arena.
  int64_t reserve() const { return static_cast<int64_t>(costs->device().reserve); }

  int64_t processBudget() const {
    if (options.arenaBudget > 0)
      return options.arenaBudget + reserve();
    return options.processBudget > 0 ? options.processBudget
                                     : static_cast<int64_t>(costs->device().memory);
  }

  int64_t arenaBudget() const { return processBudget() - reserve(); }

private:
  static double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  LogicalResult findTarget() {
    if (!rt::findTarget(options.target))
      return model->emitError("there is no target '")
             << options.target << "'; there are " << llvm::join(rt::targetNames(), ", ");
    options.device = deviceOf(options).str();
    llvm::Expected<Mesh> mesh = Mesh::parse(options.mesh);
    if (!mesh)
      return model->emitError(llvm::toString(mesh.takeError()));
    llvm::Expected<CostModel> created = CostModel::load(*mesh, options.device);
    if (!created)
      return model->emitError(llvm::toString(created.takeError()));
    costs.emplace(std::move(*created));
    if (arenaBudget() <= 0)
      return model->emitError("a budget of ")
             << formatByteSize(processBudget()) << " (" << processBudget()
             << " bytes) a rank leaves nothing for the arena: device '" << costs->device().name
             << "' reserves " << formatByteSize(reserve()) << " (" << reserve()
             << " bytes) for libraries and what else a process takes beside it; give more "
                "--mem-budget, or the arena's alone as --arena-budget";
    return success();
  }

  /// A refusal tells what the arena may have; who has given the process's budget reads why.
  void noteReserve() {
    if (options.arenaBudget == 0)
      model->getContext()->getDiagEngine().emit(model->getLoc(), DiagnosticSeverity::Note)
          << "of " << formatByteSize(processBudget()) << " a rank, " << formatByteSize(reserve())
          << " are reserved for what a process takes beside its arena";
  }

  /// A refusal that names the smallest program is no news to a caller who asks for that one.
  FailureOr<PlannedProgram> runQuietly(BudgetSearch &search, MemoryReport *least) {
    if (!least)
      return search.run(*model);
    FailureOr<PlannedProgram> program = failure();
    std::vector<Diagnostic> said;
    {
      ScopedDiagnosticHandler keep(model->getContext(), [&](Diagnostic &diagnostic) {
        said.push_back(std::move(diagnostic));
        return success();
      });
      program = search.run(*model);
    }
    if (succeeded(program) || !search.leastFound())
      for (Diagnostic &diagnostic : said)
        model->getContext()->getDiagEngine().emit(std::move(diagnostic));
    if (search.leastFound())
      *least = *search.leastFound();
    return program;
  }
};

Compiler::Compiler(std::unique_ptr<State> state) : state(std::move(state)) {}
Compiler::~Compiler() = default;

std::unique_ptr<Compiler> Compiler::create(OwningOpRef<ModuleOp> model,
                                           const CompileOptions &options) {
  auto state = std::make_unique<State>(std::move(model), options);
  if (failed(state->prepare()))
    return nullptr;
  return std::unique_ptr<Compiler>(new Compiler(std::move(state)));
}

FailureOr<Compilation> Compiler::plan(MemoryReport *least) { return state->plan(least); }
void Compiler::setBudget(int64_t bytes) { state->options.arenaBudget = bytes; }
void Compiler::setTimeLimit(double seconds) { state->options.timeLimit = seconds; }
const CompileOptions &Compiler::options() const { return state->options; }
int64_t Compiler::processBudget() const { return state->processBudget(); }
int64_t Compiler::arenaBudget() const { return state->arenaBudget(); }

llvm::StringRef deviceOf(const CompileOptions &options) {
  if (!options.device.empty())
    return options.device;
  return options.target == "cpu" ? "cpu" : "h100-sxm";
}

int64_t residentBytes(const MemoryReport &memory) {
  int64_t bytes = 0;
  for (const auto &[kind, size] : memory.byKind)
    if (kind <= rt::BufferKind::Input)
      bytes += size;
  return bytes;
}

PlanFile planOf(const Compilation &compilation) {
  PlanFile plan;
  plan.mesh = compilation.mesh.str();
  for (const FunctionSharding &sharding : compilation.program.shardings)
    plan.functions[sharding.function] = sharding.plan;
  return plan;
}

FailureOr<Compilation> compile(OwningOpRef<ModuleOp> model, const CompileOptions &options) {
  std::unique_ptr<Compiler> compiler = Compiler::create(std::move(model), options);
  if (!compiler)
    return failure();
  return compiler->plan();
}

} // namespace autopar
