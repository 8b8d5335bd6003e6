// Builds the sharding problem of a function. See ShardingProblem.h and docs/ShardingIlp.md.
#include "passes/sharding/ShardingProblem.h"

#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "passes/Passes.h"
#include "passes/lowering/calls/InPlace.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace autopar {

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}
static int rankOf(Value value) { return shapeOf(value).size(); }

/// The dimensions of `value` that its own operation never splits; names leave them out.
static SmallVector<int> wholeDimsOf(Value value) {
  auto result = dyn_cast<OpResult>(value);
  auto shardable =
      result ? dyn_cast<graph::ShardableOpInterface>(result.getOwner()) : nullptr;
  if (!shardable)
    return {};
  return wholeDims(shardable.getShardingRule().results[result.getResultNumber()]);
}

class ShardingProblem::Builder {
public:
  Builder(ShardingProblem &result, StrategyTable &table, Resharder &resharder,
          const PlanConstraints &constraints)
      : result(result), table(table), resharder(resharder), mesh(resharder.costs().mesh()),
        constraints(constraints) {}

  LogicalResult run() {
    number();
    for (BlockArgument argument : result.function.getArguments())
      if (failed(addArgument(argument)))
        return failure();
    for (Operation &op : result.function.front())
      if (failed(addOperation(&op)))
        return failure();
    connect();
    return success();
  }

private:
  //===- nodes ----------------------------------------------------------------------------===//

  /// The step's clock: an operation a tick.
  void number() {
    for (Operation &op : result.function.front())
      tick[&op] = end++;
  }
  /// When `value` need no longer be held: after its last reader, or before it where that reader's
  /// result takes its place.
  int64_t lastUse(Value value) const {
    Operation *reader = lastReader(value);
    if (!reader)
      return 0;
    return tick.lookup(reader) + (takenOver(reader) == value ? 0 : 1);
  }

  Operation *lastReader(Value value) const {
    Operation *last = nullptr;
    for (Operation *user : value.getUsers())
      if (!last || tick.lookup(user) > tick.lookup(last))
        last = user;
    return last;
  }
  /// The one operand whose place a result of `op` takes, if any.
  Value takenOver(Operation *op) const {
    if (llvm::all_of(op->getResults(), isInVariable))
      return {}; // They take the place of what they assign.
    for (OpOperand &operand : op->getOpOperands())
      if (lowering::worksInPlace(op, operand.getOperandNumber()) &&
          !operand.get().getDefiningOp<graph::VariableOp>() &&
          lastReader(operand.get()) == op)
        return operand.get();
    return {};
  }
  /// A variable's next value is computed where the variable lies.
  static bool isInVariable(OpResult value) {
    return !value.use_empty() && llvm::all_of(value.getUsers(), llvm::IsaPred<graph::AssignOp>) &&
           llvm::any_of(value.getOwner()->getOpOperands(), [](OpOperand &operand) {
             return operand.get().getDefiningOp<graph::VariableOp>() &&
                    lowering::worksInPlace(operand.getOwner(), operand.getOperandNumber());
           });
  }

  int addNode(Choice choice, std::string name) {
    ilp::Node node;
    node.name = std::move(name);
    for (const Strategy &strategy : choice.strategies) {
      node.costs.push_back(wholeNanoseconds(strategy.seconds));
      node.strategies.push_back(strategy.name);
    }
    for (Spec spec : choice.specs) {
      node.costs.push_back(0);
      node.strategies.push_back(spec.str(rankOf(choice.value), wholeDimsOf(choice.value)));
    }
    result.problem.nodes.push_back(std::move(node));
    result.choices.push_back(std::move(choice));
    return result.choices.size() - 1;
  }

  /// `value` is held over [begin, end) as the node's strategies have it; nothing is held where
  /// one has no Spec.
  void addUse(int node, Value value, int64_t begin, int64_t end,
              llvm::function_ref<std::optional<Spec>(int)> specOf) {
    ilp::Use use{begin, end, {}};
    for (size_t s = 0; s < result.problem.nodes[node].costs.size(); ++s) {
      std::optional<Spec> spec = specOf(s);
      use.bytes.push_back(spec ? localBytes(value.getType(), *spec, mesh) : 0);
    }
    result.problem.nodes[node].uses.push_back(std::move(use));
  }

  /// Inputs come whole or split along the batch: a rank reads only its own images.
  LogicalResult addArgument(BlockArgument argument) {
    Choice choice;
    choice.value = argument;
    for (Spec spec : enumerateSpecs(shapeOf(argument), mesh, /*unreduced=*/false)) {
      bool onlyBatch = true;
      for (int dim = isOfBatch(argument) ? 1 : 0; dim < rankOf(argument); ++dim)
        onlyBatch &= spec.splitAxes(dim).empty();
      if (onlyBatch)
        choice.specs.push_back(spec);
    }
    int node = addNode(std::move(choice), nameOf(argument));
    auto user = result.function.getArgAttrOfType<dist::ShardingAttr>(
        argument.getArgNumber(), dist::userShardingAttrName);
    StringRef text = plannedFor(nameOf(argument));
    if (failed(wishKept(node, user, result.function)) ||
        failed(wishKept(node, text, result.function)))
      return failure();
    result.keeper[argument] = node;
    addUse(node, argument, 0, lastUse(argument),
           [&](int s) { return result.choices[node].specs[s]; });
    return success();
  }

  LogicalResult addOperation(Operation *op) {
    if (op->hasTrait<OpTrait::IsTerminator>())
      return addTerminator(op);
    if (isa<graph::AssignOp>(op))
      return success(); // an edge, see connect()
    if (!isa<graph::ShardableOpInterface>(op))
      return op->emitOpError("has no sharding rule; only operations of the graph dialect that "
                             "come after differentiation can be sharded");
    Choice choice;
    choice.op = op;
    choice.strategies = table.of(op);
    if (failed(verifySeconds(choice)))
      return failure();
    auto [strategyText, keptText] = plannedFor(nameOf(op)).split(" -> ");
    // What the user asks is for the readers: of how a value is made only where that is how they
    // find it, and of how a variable is stored.
    bool isVariable = isa<graph::VariableOp>(op);
    bool isKept = op->getNumResults() > 0 && needsKeeper(op->getResult(0));
    auto user = op->getAttrOfType<dist::ShardingAttr>(dist::userShardingAttrName);
    bool userKeeps = isKept && !isVariable;
    if (!keptText.empty() && !isKept)
      return op->emitError("\"") << nameOf(op) << "\" cannot be kept as " << keptText
                                << "; it is kept as it is made, for each reader to reshard";

    if (failed(keepVariable(choice)))
      return failure();
    int node = addNode(std::move(choice), nameOf(op));
    result.nodeOfOp[op] = node;
    if (failed(wishMade(node, strategyText)) ||
        failed(wishMade(node, userKeeps ? nullptr : user)))
      return failure();
    for (OpResult value : op->getResults()) {
      bool hasKeeper = needsKeeper(value);
      bool isFirst = value.getResultNumber() == 0;
      if (hasKeeper && failed(addKeeper(value, isFirst ? keptText : "",
                                        isFirst && userKeeps ? user : nullptr)))
        return failure();
      if (isInVariable(value))
        continue;
      // A variable stays for good; a value with a keeper hands over to it at once.
      int64_t begin = isVariable ? 0 : tick[op];
      int64_t until = isVariable  ? end
                      : hasKeeper ? tick[op] + 1
                                  : std::max(lastUse(value), tick[op] + 1);
      addUse(node, value, begin, until, [&](int s) {
        return result.choices[node].strategies[s].results[value.getResultNumber()];
      });
    }
    return success();
  }

  /// A step of years is a slip of the pen, in the model or in the device's figures.
  LogicalResult verifySeconds(const Choice &choice) const {
    constexpr double most = limits::nanoseconds / nanosecondsPerSecond;
    auto fits = [](const Strategy &strategy) { return strategy.seconds < most; };
    if (choice.strategies.empty() || llvm::any_of(choice.strategies, fits))
      return success();
    return choice.op->emitError("\"")
           << nameOf(choice.op) << "\" takes " << choice.strategies.front().seconds
           << " s on device '" << resharder.costs().device().name << "'; up to "
           << most << " s can be planned for";
  }

  /// Results are handed to the runtime whole.
  LogicalResult addTerminator(Operation *op) {
    Choice choice;
    choice.op = op;
    Strategy whole;
    whole.operands.assign(op->getNumOperands(), Spec::replicated(mesh.numAxes()));
    whole.name = "whole";
    choice.strategies.push_back(whole);
    result.nodeOfOp[op] = addNode(std::move(choice), "return");
    return success();
  }

  /// A resharding is paid once for all readers where partial sums or variables are concerned;
  /// elsewhere readers pay each for their own.
  bool needsKeeper(OpResult value) const {
    if (!llvm::hasSingleElement(value.getUses()) && !value.use_empty()) {
      if (isa<graph::VariableOp>(value.getOwner()))
        return true;
      for (const Strategy &strategy : table.of(value.getOwner()))
        if (strategy.results[value.getResultNumber()].hasUnreduced())
          return true;
    }
    return false;
  }

  LogicalResult addKeeper(OpResult value, StringRef keptText, dist::ShardingAttr user) {
    Choice choice;
    choice.value = value;
    SmallVector<int> whole = wholeDimsOf(value);
    for (Spec spec : enumerateSpecs(shapeOf(value), mesh, /*unreduced=*/true))
      if (llvm::all_of(whole, [&](int dim) { return spec.splitAxes(dim).empty(); }))
        choice.specs.push_back(spec);
    if (isa<graph::VariableOp>(value.getOwner())) {
      choice.stored = choice.specs.size();
      std::vector<Spec> copies = choice.specs;
      llvm::append_range(choice.specs, copies);
    }
    int node = addNode(std::move(choice), nameOf(value) + keeperSuffix);
    if (failed(wishKept(node, keptText, value.getOwner())) ||
        failed(wishKept(node, user, value.getOwner())))
      return failure();
    result.keeper[value] = node;
    addUse(node, value, tick[value.getOwner()], lastUse(value),
           [&](size_t s) -> std::optional<Spec> {
             const Choice &keeping = result.choices[node];
             return s < keeping.stored ? std::nullopt : std::optional(keeping.specs[s]);
           });
    return success();
  }

  //===- wishes ---------------------------------------------------------------------------===//

  /// What the plan to keep to says of a value; empty where nothing.
  StringRef plannedFor(StringRef name) const {
    auto text = constraints.strategies.find(name);
    return text == constraints.strategies.end() ? "" : StringRef(text->second);
  }

  /// Wishes that `node` takes one of the choices that are `wanted`; `what` says which, for a
  /// message. False where there is none such.
  bool wish(int node, const Twine &what, Location where,
            llvm::function_ref<bool(int)> wanted) {
    std::vector<int> allowed;
    for (size_t s = 0; s < result.problem.nodes[node].costs.size(); ++s)
      if (wanted(s))
        allowed.push_back(s);
    if (allowed.empty())
      return false;
    result.wishes.push_back({{what.str(), node, std::move(allowed)}, where});
    return true;
  }
  bool wishByName(int node, StringRef text, Location where) {
    const ilp::Node &given = result.problem.nodes[node];
    return wish(node, "\"" + given.name + "\" as " + text + ", in the plan", where,
                [&](int s) { return given.strategies[s] == text; });
  }
  bool wishBySpec(int node, Spec spec, Location where, llvm::function_ref<Spec(int)> specOf) {
    const ilp::Node &given = result.problem.nodes[node];
    return wish(node, "\"" + given.name + "\" in its dist.sharding", where,
                [&](int s) { return specOf(s) == spec; });
  }

  /// Of how an operation is done: its strategy's name.
  LogicalResult wishMade(int node, StringRef text) {
    Operation *op = result.choices[node].op;
    if (text.empty() || wishByName(node, text, op->getLoc()))
      return success();
    return refuse(result.choices[node], text);
  }
  /// Of how its first result is made.
  LogicalResult wishMade(int node, dist::ShardingAttr user) {
    if (!user)
      return success();
    const Choice &choice = result.choices[node];
    std::optional<Spec> spec = user.spec(mesh.numAxes());
    if (!spec)
      return refuse(choice, "split over an axis that the mesh " + mesh.str() + " lacks");
    spec = spec->canonical(mesh);
    if (choice.op->getNumResults() > 0 &&
        wishBySpec(node, *spec, choice.op->getLoc(),
                   [&](int s) { return choice.strategies[s].results[0]; }))
      return success();
    return refuse(choice, "kept as " + spec->str(rankOf(choice.op->getResult(0))));
  }

  /// Of what a value is kept as, by name.
  LogicalResult wishKept(int node, StringRef text, Operation *where) {
    if (text.empty() || wishByName(node, text, result.choices[node].value.getLoc()))
      return success();
    return refuseKeeping(node, text, where);
  }
  LogicalResult wishKept(int node, dist::ShardingAttr user, Operation *where) {
    if (!user)
      return success();
    const Choice &choice = result.choices[node];
    std::optional<Spec> spec = user.spec(mesh.numAxes());
    if (spec && wishBySpec(node, spec->canonical(mesh), choice.value.getLoc(),
                           [&](int s) { return choice.specs[s]; }))
      return success();
    return refuseKeeping(node, "its dist.sharding", where);
  }

  static LogicalResult refuse(const Choice &choice, const Twine &what) {
    InFlightDiagnostic error = choice.op->emitError("\"")
                               << nameOf(choice.op) << "\" cannot be " << what;
    Diagnostic &note = error.attachNote(choice.op->getLoc());
    note << "possible are";
    for (const Strategy &strategy : choice.strategies)
      note << "\n  " << strategy.name;
    return error;
  }
  LogicalResult refuseKeeping(int node, const Twine &what, Operation *where) const {
    const Choice &choice = result.choices[node];
    ArrayRef<std::string> possible = result.problem.nodes[node].strategies;
    if (choice.stored) // the others are the same again, as copies
      possible = possible.take_front(choice.stored);
    return where->emitError("\"") << nameOf(choice.value) << "\" cannot be kept as " << what
                                  << "; possible are " << llvm::join(possible, ", ");
  }

  /// A variable lies where another function left it.
  LogicalResult keepVariable(Choice &choice) const {
    auto variable = dyn_cast<graph::VariableOp>(choice.op);
    if (!variable)
      return success();
    auto fixed = constraints.specs.find(variable.getName());
    if (fixed == constraints.specs.end())
      return success();
    Choice kept = choice;
    llvm::erase_if(kept.strategies,
                   [&](const Strategy &s) { return s.results[0] != fixed->second; });
    if (kept.strategies.empty())
      return refuse(choice, "kept as " + fixed->second.str(rankOf(variable->getResult(0))));
    choice = std::move(kept);
    return success();
  }

  //===- edges ----------------------------------------------------------------------------===//

  void connect() {
    for (auto [value, node] : result.keeper)
      if (value.getDefiningOp())
        connectKeeper(value, node);
    llvm::StringMap<Operation *> variables;
    for (auto variable : result.function.getOps<graph::VariableOp>())
      variables[variable.getName()] = variable;
    for (Operation &op : result.function.front()) {
      // An assignment must leave the variable as the next step finds it.
      if (auto assign = dyn_cast<graph::AssignOp>(op)) {
        if (Operation *variable = variables.lookup(assign.getName()))
          connectReader(assign.getValue(), result.nodeOfOp.lookup(variable),
                        producedSpecs(variable->getResult(0)));
        continue;
      }
      int node = result.nodeOfOp.lookup(&op);
      for (OpOperand &operand : op.getOpOperands()) {
        std::vector<Spec> wanted;
        for (const Strategy &strategy : result.choices[node].strategies)
          wanted.push_back(strategy.operands[operand.getOperandNumber()]);
        connectReader(operand.get(), node, wanted);
      }
    }
  }

  void connectKeeper(Value value, int node) {
    const Choice &keeping = result.choices[node];
    std::vector<Spec> made = producedSpecs(value);
    addEdge(value, result.nodeOfOp.lookup(value.getDefiningOp()), made, node, keeping.specs);
    std::vector<ilp::Cost> &costs = result.problem.edges.back().costs;
    for (size_t from = 0; from < made.size(); ++from)
      for (size_t to = 0; to < keeping.stored; ++to)
        if (made[from] != keeping.specs[to])
          costs[from * keeping.specs.size() + to] = ilp::never;
  }

  std::vector<Spec> producedSpecs(Value value) const {
    auto made = cast<OpResult>(value);
    std::vector<Spec> specs;
    for (const Strategy &s :
         result.choices[result.nodeOfOp.lookup(made.getOwner())].strategies)
      specs.push_back(s.results[made.getResultNumber()]);
    return specs;
  }

  void connectReader(Value value, int reader, ArrayRef<Spec> wanted) {
    auto keeper = result.keeper.find(value);
    if (keeper != result.keeper.end())
      addEdge(value, keeper->second, result.choices[keeper->second].specs, reader, wanted);
    else
      addEdge(value, result.nodeOfOp.lookup(value.getDefiningOp()), producedSpecs(value),
              reader, wanted);
  }

  void addEdge(Value value, int from, ArrayRef<Spec> made, int to, ArrayRef<Spec> wanted) {
    std::vector<int64_t> costs =
        resharder.costMatrix(shapeOf(value), elementBytes(value.getType()), made, wanted);
    constexpr auto perUnit = static_cast<int64_t>(picosecondsPerSecond / nanosecondsPerSecond);
    for (int64_t &cost : costs)
      cost = cost == neverPicoseconds ? ilp::never : (cost + perUnit / 2) / perUnit;
    result.problem.edges.push_back({from, to, std::move(costs)});
  }

  ShardingProblem &result;
  StrategyTable &table;
  Resharder &resharder;
  const Mesh &mesh;
  const PlanConstraints &constraints;
  llvm::DenseMap<Operation *, int64_t> tick;
  int64_t end = 0;
};

FailureOr<ShardingProblem> ShardingProblem::build(func::FuncOp function, StrategyTable &table,
                                                  Resharder &resharder,
                                                  const PlanConstraints &constraints) {
  ShardingProblem result;
  result.function = function;
  result.problem.name = function.getName().str();
  if (failed(Builder(result, table, resharder, constraints).run()))
    return failure();
  return result;
}

std::vector<ilp::Restriction> ShardingProblem::restrictions() const {
  std::vector<ilp::Restriction> restrictions;
  for (const ShardingWish &wish : wishes)
    restrictions.push_back(wish.restriction);
  return restrictions;
}

ilp::Problem ShardingProblem::wished() const {
  ilp::Problem within = problem;
  ilp::restrict(within, restrictions());
  return within;
}

ilp::Conflict ShardingProblem::findConflict(double timeLimitSeconds) const {
  return ilp::findConflict(problem, restrictions(), timeLimitSeconds);
}

Spec ShardingProblem::kept(Value value, const ilp::Solution &solution) const {
  auto node = keeper.find(value);
  if (node != keeper.end())
    return choices[node->second].specs[solution[node->second]];
  auto made = cast<OpResult>(value);
  int producer = nodeOfOp.lookup(made.getOwner());
  return choices[producer].strategies[solution[producer]].results[made.getResultNumber()];
}

void ShardingProblem::apply(const ilp::Solution &solution) {
  for (BlockArgument argument : function.getArguments())
    dist::setArgumentSpec(function, argument.getArgNumber(), kept(argument, solution),
                          rankOf(argument));
  llvm::StringMap<Spec> variables;
  for (Operation &op : function.front()) {
    dist::Plan plan;
    if (auto assign = dyn_cast<graph::AssignOp>(op)) {
      plan.operands.push_back(variables.lookup(assign.getName()));
    } else {
      int node = nodeOfOp.lookup(&op);
      const Strategy &strategy = choices[node].strategies[solution[node]];
      plan.operands = strategy.operands;
      plan.results = strategy.results;
      if (auto variable = dyn_cast<graph::VariableOp>(op))
        variables[variable.getName()] = plan.results[0];
    }
    for (Value value : op.getResults())
      plan.kept.push_back(kept(value, solution));
    dist::setPlan(&op, plan);
  }
}

PlanText ShardingProblem::describe(const ilp::Solution &solution) const {
  PlanText plan;
  for (size_t node = 0; node < choices.size(); ++node) {
    const Choice &choice = choices[node];
    const std::string &text = problem.nodes[node].strategies[solution[node]];
    if (!choice.op) {
      if (isa<BlockArgument>(choice.value))
        plan.emplace_back(problem.nodes[node].name, text);
      continue;
    }
    if (choice.op->hasTrait<OpTrait::IsTerminator>())
      continue;
    std::string line = text;
    // A plan names the keeping of the first result; a second one follows the solver.
    if (choice.op->getNumResults() > 0)
      if (auto keeping = keeper.find(choice.op->getResult(0)); keeping != keeper.end())
        line += " -> " + problem.nodes[keeping->second].strategies[solution[keeping->second]];
    plan.emplace_back(problem.nodes[node].name, line);
  }
  return plan;
}

} // namespace autopar
