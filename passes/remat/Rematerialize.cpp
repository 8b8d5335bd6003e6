// Recomputes activations under a budget: build the problem, solve it, apply the schedule.
#include "passes/remat/Rematerialize.h"

#include "passes/schedule/Prediction.h"
#include "passes/sharding/Strategies.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_REMATERIALIZE
#include "passes/Passes.h.inc"

namespace {

/// The step as the solver's plain data, and back.
class StepSchedule {
public:
  StepSchedule(func::FuncOp function, const CostModel &costs,
               const CallWorkspaces *workspaces)
      : function(function), workspaces(workspaces) {
    problem.name = function.getName().str();
    bool backward = false;
    for (Operation &op : function.front()) {
      // Variables stay throughout; assignments follow what they assign.
      if (isa<graph::VariableOp, graph::AssignOp>(op) || op.hasTrait<OpTrait::IsTerminator>())
        continue;
      backward |= isa<graph::LossOpInterface>(op);
      add(&op, backward, costs);
    }
  }

  remat::Problem problem;

  /// Rewrites the function to run as `sequence` says.
  void apply(const remat::Sequence &sequence) {
    Block &block = function.front();
    Operation *terminator = block.getTerminator();
    // What needs no operand can stand first; everything else is put behind it in order.
    auto variables = llvm::to_vector(function.getOps<graph::VariableOp>());
    for (graph::VariableOp variable : llvm::reverse(variables))
      if (variable != &block.front())
        variable->moveBefore(&block, block.begin());
    OpBuilder builder(terminator);
    std::vector<bool> done(operations.size(), false);
    for (int index : sequence) {
      Operation *op = operations[index];
      if (!done[index]) {
        done[index] = true;
        op->moveBefore(terminator);
        readLatest(op);
        for (Value result : op->getResults())
          for (Operation *user : llvm::make_early_inc_range(result.getUsers()))
            if (isa<graph::AssignOp>(user))
              user->moveBefore(terminator);
        continue;
      }
      Operation *again = op->clone();
      again->setLoc(named(op->getLoc(), nameOf(op) + ".again"));
      again->setOperands(asInModel[index]);
      readLatest(again);
      builder.insert(again);
      for (auto [first, latestOne] : llvm::zip_equal(op->getResults(), again->getResults()))
        latest[first] = latestOne;
    }
    readLatest(terminator);
  }

private:
  void add(Operation *op, bool backward, const CostModel &costs) {
    remat::Operation operation;
    operation.name = nameOf(op);
    if (std::optional<PredictedOp> predicted = predict(op, costs))
      operation.cost = wholeNanoseconds(predicted->seconds);
    for (Type type : op->getResultTypes())
      operation.bytes += cast<ShapedType>(type).getNumElements() * elementBytes(type);
    if (workspaces)
      operation.workspace = workspaces->lookup(operation.name);
    operation.backward = backward;
    operation.recomputable = !backward;
    for (Value operand : op->getOperands()) {
      auto input = indexOf.find(operand.getDefiningOp());
      if (operand.getDefiningOp() && input != indexOf.end() &&
          !llvm::is_contained(operation.inputs, input->second))
        operation.inputs.push_back(input->second);
    }
    indexOf[op] = problem.operations.size();
    operations.push_back(op);
    asInModel.emplace_back(op->getOperands());
    problem.operations.push_back(std::move(operation));
  }

  /// Operands are the newest copies of the values they name.
  void readLatest(Operation *op) {
    for (OpOperand &operand : op->getOpOperands())
      if (Value copy = latest.lookup(operand.get()))
        operand.set(copy);
  }

  func::FuncOp function;
  const CallWorkspaces *workspaces;
  std::vector<Operation *> operations;
  /// Operands before any of them is a copy: `latest` is asked by these.
  std::vector<SmallVector<Value>> asInModel;
  llvm::DenseMap<Operation *, int> indexOf;
  llvm::DenseMap<Value, Value> latest;
};

class Rematerialize : public impl::RematerializeBase<Rematerialize> {
public:
  using RematerializeBase::RematerializeBase;
  Rematerialize(RematerializeOptions options, const CallWorkspaces *workspaces,
                remat::Result *report)
      : RematerializeBase(std::move(options)), workspaces(workspaces), report(report) {}

private:
  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    ModuleOp module = getOperation();
    auto function = findProgram(module, stepFunctionName);
    std::optional<Mesh> mesh = dist::meshOf(module);
    if (!function || !mesh)
      return module.emitError("has no step of one rank to reschedule; run autopar-partition "
                              "first");
    llvm::Expected<CostModel> costs = CostModel::load(*mesh, device);
    if (!costs)
      return module.emitError(llvm::toString(costs.takeError()));

    StepSchedule step(function, *costs, workspaces);
    if (std::optional<std::string> wrong = remat::validate(step.problem))
      return function.emitError("cannot be scheduled: ") << *wrong;
    remat::Result solved =
        remat::solve(step.problem, {.budget = budget, .timeLimitSeconds = timeLimit});
    if (report)
      *report = solved;
    bool fits =
        solved.status == remat::Status::Optimal || solved.status == remat::Status::Feasible;
    if (!fits && (!leastPeak || solved.sequence.empty()))
      return function.emitError("no schedule fits ")
             << int64_t(budget) << " bytes for what does not stay throughout; the least peak "
             << "found is " << solved.peak << " bytes";
    if (std::optional<std::string> wrong =
            remat::check(step.problem, solved.sequence,
                                                           fits ? int64_t(budget) : solved.peak))
      return function.emitError("the solver's schedule is wrong: ") << *wrong;
    step.apply(solved.sequence);
    return success();
  }

  const CallWorkspaces *workspaces = nullptr;
  remat::Result *report = nullptr;
};

} // namespace

std::unique_ptr<Pass> createRematerialize(RematerializeOptions options,
                                          const CallWorkspaces *workspaces,
                                          remat::Result *report) {
  return std::make_unique<Rematerialize>(std::move(options), workspaces, report);
}

} // namespace autopar
