// Recomputes activations under a budget: build the problem, solve it, apply the schedule.
#include "passes/remat/Rematerialize.h"

#include "dialects/dist/Dist.h"
#include "passes/lowering/calls/InPlace.h"
#include "passes/schedule/Places.h"
#include "passes/schedule/Prediction.h"
#include "passes/sharding/Strategies.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_REMATERIALIZE
#include "passes/Passes.h.inc"

namespace {

/// The step as the solver's plain data, and back. What the memory plan will know of values is in
/// it: views lie where what they show lies, a variable's next value lies in the variable, some
/// results in the place of an operand.
class StepSchedule {
public:
  StepSchedule(func::FuncOp function, const CostModel &costs, int64_t alignment,
               const CallWorkspaces *workspaces)
      : function(function), alignment(alignment), workspaces(workspaces) {
    problem.name = function.getName().str();
    // Inputs are there from the start until their last reader is done.
    for (BlockArgument argument : function.getArguments())
      if (!argument.use_empty())
        place({.name = nameOf(argument), .bytes = bytesOf(argument)}, argument, nullptr);
    // Losses may be added up: the last ends the forward pass.
    Operation *loss = nullptr;
    for (auto op : function.getOps<graph::LossOpInterface>())
      loss = op;
    bool backward = false;
    for (Operation &op : function.front()) {
      // Variables stay throughout; assignments and views follow what they assign or show.
      if (isa<graph::VariableOp, graph::AssignOp>(op) || op.hasTrait<OpTrait::IsTerminator>() ||
          isView(&op))
        continue;
      backward |= &op == loss;
      add(&op, backward, costs);
    }
    addReturn(function.front().getTerminator());
  }

  remat::Problem problem;

  /// Rewrites the function to run as `sequence` says.
  void apply(const remat::Sequence &sequence) {
    Block &block = function.front();
    Operation *terminator = block.getTerminator();
    // What needs no operand can stand first, views of that and of inputs next; everything else is
    // put behind it in order.
    auto variables = llvm::to_vector(function.getOps<graph::VariableOp>());
    for (graph::VariableOp variable : llvm::reverse(variables))
      if (variable != &block.front())
        variable->moveBefore(&block, block.begin());
    for (Operation &op : llvm::make_early_inc_range(block))
      if (isView(&op) && !indexOf.contains(behindViews(op.getResult(0)).getDefiningOp()))
        op.moveBefore(terminator);
    OpBuilder builder(terminator);
    std::vector<bool> done(operations.size(), false);
    for (int index : sequence) {
      Operation *op = operations[index];
      if (!op)
        continue;
      if (!done[index]) {
        done[index] = true;
        op->moveBefore(terminator);
        readLatest(op);
        follow(op, terminator);
        continue;
      }
      Operation *again = op->clone();
      again->setLoc(named(op->getLoc(), nameOf(op) + ".again"));
      again->setOperands(asInModel[index]);
      readLatest(again);
      builder.insert(again);
      for (auto [first, latestOne] : llvm::zip_equal(op->getResults(), again->getResults()))
        showAgain(first, latestOne, builder);
    }
    readLatest(terminator);
    for (Operation *view : llvm::reverse(viewsAgain))
      if (view->use_empty())
        view->erase();
  }

private:
  int64_t bytesOf(Value value) const {
    auto type = cast<ShapedType>(value.getType());
    return static_cast<int64_t>(
        llvm::alignTo(type.getNumElements() * elementBytes(type), alignment));
  }

  /// Views of inputs are theirs; those of variables nobody's.
  int indexOfOperand(Value operand) const {
    Value value = behindViews(operand);
    if (Operation *made = value.getDefiningOp()) {
      auto found = indexOf.find(made);
      return found == indexOf.end() ? -1 : found->second;
    }
    auto found = indexOfInput.find(value);
    return found == indexOfInput.end() ? -1 : found->second;
  }

  void addInputs(Operation *op, remat::Operation &operation) const {
    for (Value operand : op->getOperands())
      if (int input = indexOfOperand(operand);
          input >= 0 && !llvm::is_contained(operation.inputs, input))
        operation.inputs.push_back(input);
  }

  void place(remat::Operation operation, Value input, Operation *op) {
    (op ? indexOf[op] : indexOfInput[input]) = problem.size();
    operations.push_back(op);
    asInModel.emplace_back(op ? op->getOperands() : ValueRange());
    problem.operations.push_back(std::move(operation));
  }

  void add(Operation *op, bool backward, const CostModel &costs) {
    remat::Operation operation;
    operation.name = nameOf(op);
    if (std::optional<PredictedOp> predicted = predict(op, costs))
      operation.cost = wholeNanoseconds(predicted->seconds);
    for (Value result : op->getResults())
      if (assignedTo(result).empty())
        operation.bytes += bytesOf(result);
    if (workspaces)
      operation.workspace = llvm::alignTo(workspaces->lookup(operation.name), alignment);
    operation.backward = backward;
    operation.recomputable = !backward;
    addInputs(op, operation);
    if (op->getNumResults() == 1 && operation.bytes > 0)
      operation.over = placesOf(op, operation.bytes);
    place(std::move(operation), Value(), op);
  }

  /// Inputs in whose bytes the result of `op` may come to lie.
  std::vector<int> placesOf(Operation *op, int64_t bytes) const {
    std::vector<int> over;
    for (OpOperand &operand : op->getOpOperands()) {
      Value value = behindViews(operand.get());
      int input = indexOfOperand(value);
      if (input < 0 || bytesOf(value) != bytes || !assignedTo(value).empty() ||
          llvm::is_contained(over, input))
        continue;
      // All that reads the value here lets it be overwritten.
      if (llvm::all_of(op->getOpOperands(), [&](OpOperand &other) {
            return behindViews(other.get()) != value ||
                   lowering::worksInPlace(op, other.getOperandNumber());
          }))
        over.push_back(input);
    }
    return over;
  }

  /// What is returned is held to the end.
  void addReturn(Operation *terminator) {
    remat::Operation operation;
    operation.name = "return";
    operation.backward = true;
    addInputs(terminator, operation);
    if (operation.inputs.empty())
      return;
    operations.push_back(nullptr);
    asInModel.emplace_back();
    problem.operations.push_back(std::move(operation));
  }

  /// Operands are the newest copies of the values they name.
  void readLatest(Operation *op) {
    for (OpOperand &operand : op->getOpOperands())
      if (Value copy = latest.lookup(operand.get()))
        operand.set(copy);
  }

  /// What costs nothing stands behind what it needs.
  void follow(Operation *op, Operation *terminator) {
    for (Value result : op->getResults())
      for (Operation *user : llvm::make_early_inc_range(result.getUsers()))
        if (isa<graph::AssignOp>(user) || isView(user)) {
          user->moveBefore(terminator);
          follow(user, terminator);
        }
  }

  /// `again` is the newest copy of `value`; views of it show that.
  void showAgain(Value value, Value again, OpBuilder &builder) {
    latest[value] = again;
    for (Operation *user : value.getUsers()) {
      if (!isView(user))
        continue;
      Operation *view = user->clone();
      view->setLoc(named(user->getLoc(), nameOf(user) + ".again"));
      view->setOperand(0, again);
      builder.insert(view);
      viewsAgain.push_back(view);
      showAgain(user->getResult(0), view->getResult(0), builder);
    }
  }

  func::FuncOp function;
  int64_t alignment;
  const CallWorkspaces *workspaces;
  std::vector<Operation *> operations; ///< Null for an input, and for the return.
  /// Operands before any of them is a copy: `latest` is asked by these.
  std::vector<SmallVector<Value>> asInModel;
  llvm::DenseMap<Operation *, int> indexOf;
  llvm::DenseMap<Value, int> indexOfInput;
  llvm::DenseMap<Value, Value> latest;
  SmallVector<Operation *> viewsAgain;
};

class Rematerialize : public impl::RematerializeBase<Rematerialize> {
public:
  using RematerializeBase::RematerializeBase;
  Rematerialize(RematerializeOptions options, const CallWorkspaces *workspaces,
                const remat::Known *known, remat::Result *report)
      : RematerializeBase(std::move(options)), workspaces(workspaces), known(known),
        report(report) {}

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

    StepSchedule step(function, *costs, alignment, workspaces);
    if (std::optional<std::string> wrong = remat::validate(step.problem))
      return function.emitError("cannot be scheduled: ") << *wrong;
    remat::Result solved =
        remat::solve(step.problem,
                     {.budget = budget, .timeLimitSeconds = timeLimit, .known = known});
    if (report)
      *report = solved;
    const bool fits = remat::fits(solved);
    if (!fits && (!leastPeak || solved.sequence.empty()))
      return function.emitError("no schedule fits ")
             << int64_t(budget) << " bytes for what does not stay throughout; the least peak "
             << "found is " << solved.peak << " bytes";
    if (std::optional<std::string> wrong = remat::check(
            step.problem, solved.sequence, fits ? int64_t(budget) : solved.peak))
      return function.emitError("the solver's schedule is wrong: ") << *wrong;
    step.apply(solved.sequence);
    return success();
  }

  const CallWorkspaces *workspaces = nullptr;
  const remat::Known *known = nullptr;
  remat::Result *report = nullptr;
};

} // namespace

std::unique_ptr<Pass> createRematerialize(RematerializeOptions options,
                                          const CallWorkspaces *workspaces,
                                          const remat::Known *known, remat::Result *report) {
  return std::make_unique<Rematerialize>(std::move(options), workspaces, known, report);
}

} // namespace autopar
