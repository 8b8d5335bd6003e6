// Makes the SPMD program: every operation on local shapes, every resharding spelled out.
#include "compiler/cost/Resharding.h"
#include "dialects/graph/AnyOrder.h"
#include "passes/Passes.h"
#include "passes/sharding/Strategies.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_PARTITION
#include "passes/Passes.h.inc"

namespace {

RankedTensorType localType(Type type, Spec spec, const Mesh &mesh) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor.clone(*spec.localShape(tensor.getShape(), mesh));
}
bool divides(Type type, Spec spec, const Mesh &mesh) {
  return spec.localShape(cast<RankedTensorType>(type).getShape(), mesh).has_value();
}

/// Rewrites one function in place.
class FunctionPartitioner {
public:
  FunctionPartitioner(func::FuncOp function, Resharder &resharder, int64_t shareWithin)
      : function(function), resharder(resharder), mesh(resharder.costs().mesh()),
        shareWithin(shareWithin), builder(function.getContext()) {}

  LogicalResult run() {
    if (failed(takeArguments()))
      return failure();
    // The operations as planned; each is replaced by its local form where it stands.
    SmallVector<Operation *> planned;
    for (Operation &op : function.front())
      planned.push_back(&op);
    for (Operation *op : planned) {
      ++tick;
      if (failed(localize(op)))
        return failure();
    }
    for (Operation *op : llvm::reverse(planned))
      op->erase();
    function.front().eraseArguments(0, function.getNumArguments());
    function.setType(builder.getFunctionType(TypeRange(ValueRange(newArguments)),
                                             function.getResultTypes()));
    return success();
  }

private:
  /// A form in which a value is at hand, and when it was last read.
  struct Form {
    Value value;
    int64_t lastRead = 0;
  };
  struct Copies {
    Spec kept;
    llvm::DenseMap<Spec, Form> bySpec;
  };

  LogicalResult takeArguments() {
    Block &block = function.front();
    for (unsigned i = 0, n = function.getNumArguments(); i < n; ++i) {
      BlockArgument old = block.getArgument(i);
      std::optional<Spec> spec = dist::getArgumentSpec(function, i);
      if (!spec)
        return function.emitError("argument ")
               << i << " of @" << function.getName() << " has no sharding; run "
               << "autopar-solve-sharding first";
      if (!divides(old.getType(), *spec, mesh))
        return function.emitError("argument ")
               << i << " of @" << function.getName() << " cannot be split as planned: "
               << old.getType() << " over the mesh " << mesh.str();
      BlockArgument local =
          block.addArgument(localType(old.getType(), *spec, mesh), old.getLoc());
      newArguments.push_back(local);
      copies[old] = {*spec, {{*spec, {local}}}};
      for (auto [name, attr] : described(old.getType(), *spec))
        function.setArgAttr(i, name, attr);
      function.removeArgAttr(i, StringAttr::get(function.getContext(), dist::planAttrName));
    }
    return success();
  }

  /// Whether there is an axis along which all ranks compute the same.
  bool isRepeated(const dist::Plan &plan) {
    return llvm::any_of(llvm::seq(mesh.numAxes()), [&](int axis) {
      return mesh.sizes[axis] > 1 && llvm::all_of(plan.results, [&](Spec spec) {
               return spec.isReplicated(axis);
             });
    });
  }

  /// What the runtime must know of a split input or variable.
  SmallVector<std::pair<StringRef, Attribute>> described(Type global, Spec spec) {
    return {{dist::userShardingAttrName,
             dist::ShardingAttr::get(function.getContext(),
                                     cast<ShapedType>(global).getRank(), spec)},
            {dist::globalTypeAttrName, TypeAttr::get(global)}};
  }

  LogicalResult localize(Operation *op) {
    std::optional<dist::Plan> plan = dist::getPlan(op);
    if (!plan)
      return op->emitOpError("has no plan; run autopar-solve-sharding first");
    builder.setInsertionPoint(op);
    SmallVector<Value> operands;
    for (auto [operand, spec] : llvm::zip_equal(op->getOperands(), plan->operands)) {
      Value local = reshard(operand, spec);
      if (!local)
        return op->emitOpError("cannot read \"")
               << nameOf(operand) << "\" as planned: no resharding leads there";
      operands.push_back(local);
    }
    Operation *local = op->cloneWithoutRegions();
    local->removeAttr(dist::planAttrName);
    local->removeAttr(dist::userShardingAttrName);
    local->setOperands(operands);
    builder.insert(local);
    for (auto [result, spec] : llvm::zip_equal(local->getResults(), plan->results)) {
      if (!divides(result.getType(), spec, mesh))
        return op->emitOpError("cannot be split as planned: ")
               << result.getType() << " over the mesh " << mesh.str();
      result.setType(localType(result.getType(), spec, mesh));
    }
    if (auto shardable = dyn_cast<graph::ShardableOpInterface>(local))
      shardable.localize(op);
    if (graph::maySumInAnyOrder(op) && isRepeated(*plan))
      local->setAttr(graph::repeatedAttrName, builder.getUnitAttr());
    if (isa<graph::VariableOp>(op))
      for (auto [name, attr] : described(op->getResult(0).getType(), plan->results[0]))
        local->setAttr(name, attr);

    for (auto [i, result] : llvm::enumerate(op->getResults())) {
      copies[result] = {plan->results[i], {{plan->results[i], {local->getResult(i)}}}};
      Value kept = reshard(result, plan->kept[i]);
      if (!kept)
        return op->emitOpError("cannot be kept as planned: no resharding leads there");
      copies[result] = {plan->kept[i], {{plan->kept[i], {kept}}}};
    }
    return success();
  }

  /// `value` under `spec`: as it is kept, as it was resharded before, or resharded here.
  Value reshard(Value value, Spec spec) {
    Copies &forms = copies[value];
    if (Value known = recall(forms, spec))
      return known;
    auto global = cast<RankedTensorType>(value.getType());
    std::optional<ReshardPath> path =
        resharder.path(global.getShape(), elementBytes(global), forms.kept, spec);
    if (!path)
      return {};
    Value local = forms.bySpec.lookup(forms.kept).value;
    for (const ReshardStep &step : path->steps) {
      // A later reader may want what stands on the way.
      Value form = recall(forms, step.result);
      if (!form) {
        form = emit(step, local, localType(global, step.result, mesh), value);
        forms.bySpec[step.result] = {form, tick};
      }
      local = form;
    }
    return local;
  }

  /// The form at hand, unless it is a copy that would have to be kept for too long.
  Value recall(Copies &forms, Spec spec) {
    auto form = forms.bySpec.find(spec);
    if (form == forms.bySpec.end() ||
        (spec != forms.kept && tick - form->second.lastRead > shareWithin))
      return {};
    form->second.lastRead = tick;
    return form->second.value;
  }

  Value emit(const ReshardStep &step, Value local, Type type, Value value) {
    Location loc = named(value.getLoc(), nameOf(value) + "." + name(step.kind));
    SmallVector<int32_t> axes(step.axes.begin(), step.axes.end());
    using Kind = ReshardStep::Kind;
    switch (step.kind) {
    case Kind::AllGather:
      return dist::AllGatherOp::create(builder, loc, type, local, axes, step.dim).getResult(0);
    case Kind::ReduceScatter:
      return dist::ReduceScatterOp::create(builder, loc, type, local, axes, step.dim)
          .getResult(0);
    case Kind::AllReduce:
      return dist::AllReduceOp::create(builder, loc, type, local, axes).getResult(0);
    case Kind::AllToAll:
      return dist::AllToAllOp::create(builder, loc, type, local, axes, step.otherDim, step.dim);
    case Kind::Slice:
      return dist::SliceOp::create(builder, loc, type, local, axes, step.dim);
    }
    llvm_unreachable("every kind of step has an operation");
  }

  func::FuncOp function;
  Resharder &resharder;
  const Mesh &mesh;
  int64_t shareWithin;
  OpBuilder builder;
  int64_t tick = 0;
  SmallVector<Value> newArguments;
  llvm::DenseMap<Value, Copies> copies;
};

class Partition : public impl::PartitionBase<Partition> {
public:
  using PartitionBase::PartitionBase;

private:
  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    ModuleOp module = getOperation();
    std::optional<Mesh> mesh = dist::meshOf(module);
    if (!mesh)
      return module.emitError("has no ") << dist::meshAttrName;
    llvm::Expected<CostModel> costs = CostModel::load(*mesh, device);
    if (!costs)
      return module.emitError(llvm::toString(costs.takeError()));
    Resharder resharder(*costs);
    for (auto function : programsOf(module))
      if (failed(FunctionPartitioner(function, resharder, shareWithin).run()))
        return failure();
    return success();
  }
};

} // namespace
} // namespace autopar
