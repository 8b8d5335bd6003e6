// The pass verify-plan: the barrier behind sharding. It asks the operations' sharding rules whether
// a plan is one, axis by axis, and knows nothing of the strategies that the solver chose from.
#include "passes/Barrier.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_VERIFYPLAN
#include "passes/Passes.h.inc"

namespace {

using graph::shapeOf;

/// Why a value can not lie as `spec` says; empty where it can.
std::string faultOf(Spec spec, Value value, const Mesh &mesh) {
  if (spec.localShape(shapeOf(value), mesh))
    return "";
  std::string text;
  llvm::raw_string_ostream(text) << "'" << value.getType() << "' does not divide over the mesh "
                                 << mesh.str() << " as "
                                 << spec.str(shapeOf(value).size());
  return text;
}

/// Where one axis stands on a tensor, by the rule, if it goes to `factor`; -1 is to none.
struct AxisUse {
  const ShardingRule &rule;
  int factor;

  Spec placed(Spec spec, int axis, ArrayRef<int> dims, bool isResult) const {
    if (factor < 0)
      return spec.withReplicated(axis);
    if (const auto *dim = llvm::find(dims, factor); dim != dims.end())
      return spec.withSplit(axis, dim - dims.begin());
    const FactorKind kind = rule.factors[factor].kind;
    return kind == FactorKind::PartialSum || (isResult && kind == FactorKind::Reduction)
               ? spec.withUnreduced(axis)
               : spec.withReplicated(axis);
  }
  bool holds(ArrayRef<Spec> specs, ArrayRef<SmallVector<int>> dims, int axis,
             bool isResult) const {
    return llvm::all_of(llvm::zip_equal(specs, dims), [&](auto pair) {
      auto [spec, ofTensor] = pair;
      return placed(spec, axis, ofTensor, isResult) == spec;
    });
  }
};

class PlanVerifier {
public:
  PlanVerifier(func::FuncOp function, const Mesh &mesh, llvm::StringMap<Spec> &elsewhere)
      : function(function), mesh(mesh), elsewhere(elsewhere) {}

  LogicalResult verify(BlockArgument argument) {
    auto refuse = [&](const Twine &what) {
      return function.emitError("argument ") << argument.getArgNumber() << " of @"
                                             << function.getName() << " " << what;
    };
    std::optional<Spec> spec = dist::getArgumentSpec(function, argument.getArgNumber());
    if (!spec)
      return refuse("has no sharding");
    if (std::string fault = faultOf(*spec, argument, mesh); !fault.empty())
      return refuse("cannot be split: " + fault);
    for (int axis = 0; axis < mesh.numAxes(); ++axis)
      if (!spec->isReplicated(axis) && !(isOfBatch(argument) && spec->dim(axis) == 0))
        return refuse("is planned as " + spec->str(shapeOf(argument).size()) +
                      "; inputs come whole, or split along the batch");
    kept[argument] = *spec;
    return success();
  }

  LogicalResult verify(Operation *op) {
    std::optional<dist::Plan> plan = dist::getPlan(op);
    if (!plan)
      return op->emitOpError("has no plan for the mesh ") << mesh.str();
    for (auto [value, spec] : llvm::zip_equal(op->getOperands(), plan->operands))
      if (failed(verifyRead(op, value, spec)))
        return failure();
    for (auto [value, made, keeps] :
         llvm::zip_equal(op->getResults(), plan->results, plan->kept))
      if (failed(verifyMade(op, value, made, keeps)))
        return failure();
    if (op->hasTrait<OpTrait::IsTerminator>())
      return verifyReturn(op, *plan);
    if (auto assign = dyn_cast<graph::AssignOp>(op))
      return verifyAssign(assign, plan->operands[0]);
    if (auto variable = dyn_cast<graph::VariableOp>(op))
      if (failed(verifyVariable(variable, plan->results[0])))
        return failure();
    return verifyRule(op, *plan);
  }

private:
  /// A sum can be left open only by whoever makes it.
  static bool opensSum(Spec from, Spec to) {
    return llvm::any_of(to.unreducedAxes(), [&](int axis) { return !from.isUnreduced(axis); });
  }

  LogicalResult verifyRead(Operation *op, Value value, Spec spec) {
    const int rank = shapeOf(value).size();
    if (std::string fault = faultOf(spec, value, mesh); !fault.empty())
      return op->emitOpError("cannot read \"") << nameOf(value) << "\": " << fault;
    if (opensSum(kept.lookup(value), spec))
      return op->emitOpError("reads \"") << nameOf(value) << "\" as " << spec.str(rank)
                                         << ", which is kept as " << kept.lookup(value).str(rank);
    return success();
  }

  LogicalResult verifyMade(Operation *op, Value value, Spec made, Spec keeps) {
    const int rank = shapeOf(value).size();
    for (Spec spec : {made, keeps})
      if (std::string fault = faultOf(spec, value, mesh); !fault.empty())
        return op->emitOpError("cannot make \"") << nameOf(value) << "\": " << fault;
    if (opensSum(made, keeps))
      return op->emitOpError("keeps \"") << nameOf(value) << "\" as " << keeps.str(rank)
                                         << ", which is made as " << made.str(rank);
    kept[value] = keeps;
    return success();
  }

  LogicalResult verifyReturn(Operation *op, const dist::Plan &plan) {
    for (auto [value, spec] : llvm::zip_equal(op->getOperands(), plan.operands))
      if (!spec.isReplicated())
        return op->emitOpError("returns \"")
               << nameOf(value) << "\" as " << spec.str(shapeOf(value).size())
               << "; the runtime reads results whole, on any rank";
    return success();
  }

  LogicalResult verifyAssign(graph::AssignOp assign, Spec spec) {
    auto stored = variables.find(assign.getName());
    if (stored == variables.end())
      return assign.emitError("\"") << assign.getName() << "\" is assigned, and no variable above "
                                    << "it in @" << function.getName() << " has that name";
    const int rank = shapeOf(assign.getValue()).size();
    if (spec != stored->second)
      return assign.emitError("\"") << assign.getName() << "\" is assigned as " << spec.str(rank)
                                    << ", and lies as " << stored->second.str(rank);
    return success();
  }

  /// A variable lies where every other function finds it.
  LogicalResult verifyVariable(graph::VariableOp variable, Spec spec) {
    variables[variable.getName()] = spec;
    auto [other, isNew] = elsewhere.try_emplace(variable.getName(), spec);
    if (other->second == spec)
      return success();
    const int rank = shapeOf(variable.getResult()).size();
    return variable.emitError("variable \"")
           << variable.getName() << "\" lies as " << spec.str(rank) << " in @"
           << function.getName() << ", and as " << other->second.str(rank)
           << " in another function";
  }

  /// Each axis goes to one factor of the operation, or to none, on all operands and results.
  LogicalResult verifyRule(Operation *op, const dist::Plan &plan) {
    auto shardable = dyn_cast<graph::ShardableOpInterface>(op);
    if (!shardable)
      return op->emitOpError("has a plan, and no sharding rule that it could follow");
    const ShardingRule rule = shardable.getShardingRule();
    SmallVector<int64_t> ways(rule.factors.size(), 1);
    for (int axis = 0; axis < mesh.numAxes(); ++axis) {
      const int factors = rule.factors.size();
      int factor = -1;
      while (factor < factors && !follows(rule, plan, axis, factor))
        ++factor;
      if (factor == factors)
        return op->emitOpError("is planned as ")
               << text(op, plan) << "; its sharding rule has no such use of axis "
               << mesh.names[axis];
      if (factor >= 0)
        ways[factor] *= mesh.sizes[axis];
    }
    for (auto [factor, split] : llvm::zip_equal(rule.factors, ways))
      if (factor.kind != FactorKind::PartialSum && factor.size % split)
        return op->emitOpError("is planned as ")
               << text(op, plan) << ", which splits its " << factor.name << " of "
               << factor.size << " over " << split << " ranks";
    return success();
  }

  static bool follows(const ShardingRule &rule, const dist::Plan &plan, int axis, int factor) {
    const AxisUse use{rule, factor};
    return use.holds(plan.operands, rule.operands, axis, /*isResult=*/false) &&
           use.holds(plan.results, rule.results, axis, /*isResult=*/true);
  }

  /// `S0R = S0R x RR`
  static std::string text(Operation *op, const dist::Plan &plan) {
    std::string text;
    llvm::raw_string_ostream out(text);
    auto list = [&](ValueRange values, ArrayRef<Spec> specs, StringRef between) {
      llvm::interleave(
          llvm::zip_equal(values, specs), out,
          [&](auto pair) {
            auto [value, spec] = pair;
            out << spec.str(shapeOf(value).size());
          },
          between);
    };
    list(op->getResults(), plan.results, ", ");
    if (op->getNumOperands() > 0) {
      out << (op->getNumResults() > 0 ? " = " : "");
      list(op->getOperands(), plan.operands, " x ");
    }
    return text;
  }

  func::FuncOp function;
  const Mesh &mesh;
  llvm::StringMap<Spec> &elsewhere; ///< variables, as the functions before lay them
  llvm::StringMap<Spec> variables;
  llvm::DenseMap<Value, Spec> kept;
};

class VerifyPlan : public impl::VerifyPlanBase<VerifyPlan> {
  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    std::optional<Mesh> mesh = dist::meshOf(getOperation());
    if (!mesh)
      return getOperation().emitError("has no ") << dist::meshAttrName;
    llvm::StringMap<Spec> variables;
    return verifyPrograms<PlanVerifier>(getOperation(), *mesh, variables);
  }
};

} // namespace
} // namespace autopar
