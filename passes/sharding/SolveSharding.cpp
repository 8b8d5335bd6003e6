// Chooses shardings: build the problem, solve it, apply the answer; first for the step, then for
// the evaluation, which finds the variables where the step keeps them.
#include "passes/sharding/SolveSharding.h"

#include "compiler/solvers/ilp/ContestJson.h"
#include "passes/sharding/ShardingProblem.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_SOLVESHARDING
#include "passes/Passes.h.inc"

namespace {

/// In the largest unit of which there is one: `1.50 GiB`, `320 B`.
std::string inUnits(double bytes) {
  if (bytes < 1024)
    return llvm::formatv("{0:f0} B", bytes);
  StringRef unit;
  for (StringRef next : {"KiB", "MiB", "GiB"}) {
    if (bytes < 1024)
      break;
    bytes /= 1024;
    unit = next;
  }
  return llvm::formatv("{0:f2} {1}", bytes, unit);
}

/// The largest values that live at the peak of a solution.
void attachPeak(InFlightDiagnostic &error, Location loc, const ilp::Problem &problem,
                const ilp::Solution &solution) {
  ilp::Time time = ilp::check(problem, solution).peakTime;
  std::vector<std::pair<ilp::Bytes, std::string>> living;
  for (size_t node = 0; node < problem.nodes.size(); ++node)
    for (const ilp::Use &use : problem.nodes[node].uses)
      if (use.begin <= time && time < use.end)
        living.emplace_back(use.bytes[solution[node]], problem.nodeName(node));
  llvm::sort(living, std::greater<>());
  Diagnostic &note = error.attachNote(loc);
  note << "largest at the peak:";
  for (const auto &[bytes, name] : llvm::ArrayRef(living).take_front(5))
    note << " " << name << " (" << inUnits(bytes) << ")";
}

class SolveSharding : public impl::SolveShardingBase<SolveSharding> {
public:
  using SolveShardingBase::SolveShardingBase;
  SolveSharding(SolveShardingOptions options, std::vector<FunctionSharding> *report)
      : SolveShardingBase(std::move(options)), report(report) {}

private:
  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    FailureOr<CostModel> costs = costModel();
    if (failed(costs) || failed(readPlan(costs->mesh())))
      return failure();
    getOperation().walk(
        [&](graph::ShardableOpInterface op) { op.fitTo(costs->mesh()); });
    Resharder resharder(*costs);
    StrategyTable strategies(*costs);
    llvm::StringMap<Spec> variables;
    for (StringRef name : {stepFunctionName, updateFunctionName, evaluateFunctionName})
      if (auto function = findProgram(getOperation(), name))
        if (failed(solve(function, strategies, resharder, variables)))
          return failure();
    if (!planOut.empty())
      if (llvm::Error error = savedPlan.write(planOut))
        return getOperation().emitError(llvm::toString(std::move(error)));
    return success();
  }

  FailureOr<CostModel> costModel() {
    ModuleOp module = getOperation();
    if (!mesh.empty()) {
      llvm::Expected<Mesh> parsed = Mesh::parse(mesh);
      if (!parsed)
        return module.emitError(llvm::toString(parsed.takeError()));
      module->setAttr(dist::meshAttrName, dist::MeshAttr::get(&getContext(), parsed->sizes));
    }
    std::optional<Mesh> chosen = dist::meshOf(module);
    if (!chosen)
      return module.emitError("no mesh is given; name one as in --mesh 2x2");
    llvm::Expected<CostModel> costs = CostModel::load(*chosen, device);
    if (!costs)
      return module.emitError(llvm::toString(costs.takeError()));
    const DeviceModel &model = costs->device();
    limit = memoryLimit > 0 ? int64_t(memoryLimit)
                            : static_cast<int64_t>(model.memory.value - model.reserve.value);
    return std::move(*costs);
  }

  LogicalResult readPlan(const Mesh &chosen) {
    savedPlan.mesh = chosen.str();
    if (planIn.empty())
      return success();
    llvm::Expected<PlanFile> plan = PlanFile::readFor(chosen.str(), planIn);
    if (!plan)
      return getOperation().emitError(llvm::toString(plan.takeError()));
    for (const auto &[name, values] : plan->functions)
      if (failed(checkNames(name, values)))
        return failure();
    wantedPlan = std::move(*plan);
    return success();
  }

  LogicalResult checkNames(StringRef name,
                           const PlanText &values) {
    auto function = findProgram(getOperation(), name);
    if (!function)
      return getOperation().emitError("plan file ")
             << planIn << " is for another model: it names a function @" << name;
    llvm::StringMap<char> known;
    for (BlockArgument argument : function.getArguments())
      known[nameOf(argument)] = 0;
    for (Operation &op : function.front())
      known[nameOf(&op)] = 0;
    for (const auto &[value, strategy] : values)
      if (!known.contains(value))
        return getOperation().emitError("plan file ")
               << planIn << " is for another model: @" << name << " has no value \"" << value
               << "\"";
    return success();
  }

  LogicalResult solve(func::FuncOp function, StrategyTable &strategies, Resharder &resharder,
                      llvm::StringMap<Spec> &variables) {
    PlanConstraints constraints;
    for (const auto &[value, strategy] : wantedPlan.functions[function.getName().str()])
      constraints.strategies[value] = strategy;
    constraints.specs = variables;

    FailureOr<ShardingProblem> built =
        ShardingProblem::build(function, strategies, resharder, constraints);
    if (failed(built))
      return failure();
    built->problem.usageLimit = limit;
    auto problem = std::make_shared<const ilp::Problem>(built->wished());
    if (!problemOut.empty() && function.getName() == stepFunctionName) {
      std::string error;
      if (!ilp::writeContestProblem(*problem, problemOut, error))
        return function.emitError(error);
    }

    ilp::SolveOptions options;
    options.timeLimitSeconds = timeLimit;
    ilp::SolveResult solved = ilp::solve(*problem, options);
    if (solved.solution.empty())
      return refuse(function, *built, solved);

    built->apply(solved.solution);
    // What the step keeps, the evaluation finds.
    for (auto variable : function.getOps<graph::VariableOp>())
      variables[variable.getName()] = dist::getPlan(variable)->results[0];
    PlanText plan = built->describe(solved.solution);
    savedPlan.functions[function.getName().str()] = plan;
    if (report) {
      size_t count = 0;
      for (const ilp::Node &node : problem->nodes)
        count += node.costs.size();
      report->push_back({function.getName().str(), problem->nodes.size(),
                         problem->edges.size(), count, std::move(solved), std::move(problem),
                         std::move(plan)});
    }
    return success();
  }

  LogicalResult refuse(func::FuncOp function, const ShardingProblem &built,
                       const ilp::SolveResult &solved) {
    if (report)
      report->push_back({function.getName().str(), built.problem.nodes.size(),
                         built.problem.edges.size(), 0, solved, nullptr, {}});
    if (solved.status == ilp::Status::Timeout) {
      InFlightDiagnostic error = function.emitError("no sharding that fits ")
                                 << inUnits(limit) << " a device was found in "
                                 << llvm::formatv("{0}", double(timeLimit)).str()
                                 << " s of processor time, and none of the first ones fits; raise "
                                    "--time-limit, or the budget";
      if (!solved.fault.empty())
        error.attachNote() << "the solver stopped once: " << solved.fault;
      return error;
    }
    InFlightDiagnostic error = function.emitError();
    if (solved.leastUsage) {
      error << "no sharding fits " << inUnits(limit) << " a device; the least peak "
            << (solved.leastUsage->proven ? "possible" : "found") << " is "
            << inUnits(solved.leastUsage->bytes);
      attachPeak(error, function.getLoc(), built.problem, solved.leastUsage->solution);
    } else {
      error << "no sharding is possible: " << solved.reason;
    }
    attachConflict(error, built);
    return error;
  }

  /// Where it is the user's wishes that cannot be met together, the fewest of them.
  void attachConflict(InFlightDiagnostic &error, const ShardingProblem &built) {
    if (built.wishes.empty())
      return;
    ilp::Conflict conflict = built.findConflict(timeLimit);
    if (conflict.kind != ilp::Conflict::Found)
      return;
    for (int wish : conflict.restrictions)
      error.attachNote(built.wishes[wish].where)
          << "wished for: " << built.wishes[wish].restriction.name;
    if (conflict.restrictions.size() == 1)
      error.attachNote() << "this wish cannot be met";
    else
      error.attachNote() << "these wishes cannot be met together"
                         << (conflict.minimal ? "; give up any one of them" : "");
  }

  std::vector<FunctionSharding> *report = nullptr;
  int64_t limit = 0;
  PlanFile wantedPlan, savedPlan;
};

} // namespace

std::unique_ptr<Pass> createSolveSharding(SolveShardingOptions options,
                                          std::vector<FunctionSharding> *report) {
  return std::make_unique<SolveSharding>(std::move(options), report);
}

} // namespace autopar
