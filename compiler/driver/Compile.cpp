// See Compile.h.
#include "compiler/driver/Compile.h"

#include "compiler/driver/BudgetSearch.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace mlir;

namespace autopar {
namespace {

class Compiler {
public:
  Compiler(ModuleOp model, const CompileOptions &wishes) : model(model), options(wishes) {}

  FailureOr<Compilation> run() {
    auto start = std::chrono::steady_clock::now();
    if (failed(findTarget()))
      return failure();
    Road road(options, *costs);
    auto print = llvm::scope_exit([&] {
      llvm::outs() << (result.program.module ? result.program.printed : road.printedLast());
    });
    if (failed(road.differentiate(model)))
      return failure();
    BudgetSearch search(road, options, result.budget);
    FailureOr<PlannedProgram> program = search.run(model);
    if (failed(program))
      return failure();
    result.program = std::move(*program);
    result.attempts = std::move(search.attempts);
    std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    result.passSeconds = passed.count();
    return std::move(result);
  }

private:
  LogicalResult findTarget() {
    if (options.target != "cpu")
      return model.emitError("target '")
             << options.target << "' is not available in this build; use --target cpu";
    if (options.device.empty())
      options.device = "cpu";
    llvm::Expected<Mesh> mesh = Mesh::parse(options.mesh);
    if (!mesh)
      return model.emitError(llvm::toString(mesh.takeError()));
    llvm::Expected<DeviceModel> device = DeviceModel::load(options.device);
    if (!device)
      return model.emitError(llvm::toString(device.takeError()));
    result.mesh = *mesh;
    result.device = device->name;
    result.reserve = static_cast<int64_t>(device->reserve);
    result.budget = options.memoryBudget > 0
                        ? options.memoryBudget
                        : static_cast<int64_t>(device->memory) - result.reserve;
    llvm::Expected<CostModel> created = CostModel::create(*mesh, *device);
    if (!created)
      return model.emitError(llvm::toString(created.takeError()));
    costs.emplace(std::move(*created));
    return success();
  }

  ModuleOp model;
  CompileOptions options;
  std::optional<CostModel> costs;
  Compilation result;
};

} // namespace

PlanFile planOf(const Compilation &compilation) {
  PlanFile plan;
  plan.mesh = compilation.mesh.str();
  for (const FunctionSharding &sharding : compilation.program.shardings)
    plan.functions[sharding.function] = sharding.plan;
  return plan;
}

FailureOr<Compilation> compile(OwningOpRef<ModuleOp> model, const CompileOptions &options) {
  return Compiler(*model, options).run();
}

} // namespace autopar
