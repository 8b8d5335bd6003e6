// The pass merge-updates: calls that each update one parameter or one batch norm's running
// statistics, or make, add up, zero or measure one gradient of a few numbers, become calls on
// tables of them. A network has hundreds, many of a few hundred bytes, and a launch costs as
// much as a pass over a megabyte.
#include "dialects/graph/Graph.h"
#include "passes/Passes.h"
#include "passes/lowering/calls/RuntimeCall.h"
#include "passes/lowering/cuda/Workspace.h"
#include "passes/memory/Copies.h"
#include "passes/memory/Lowered.h"
#include "passes/memory/Occupancy.h"

#include "llvm/ADT/Sequence.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_MERGEUPDATES
#include "passes/Passes.h.inc"

namespace {

using memory::Occupancy;
using rt::CallOp;

/// How calls of one kind become one of another, which works on a table: what its rows have
/// differs from call to call, operands and fields, and the others are the same for all.
struct Table {
  StringRef callee, all;
  StringRef name;

  const rt::Callee &entry() const { return *rt::cudaTarget().findCallee(all); }
  bool hasInRow(StringRef input) const {
    return llvm::is_contained(entry().row.inputs, input);
  }
  bool hasColumn(StringRef field) const {
    const rt::Field *found = entry().findField(field);
    return found &&
           (found->type == rt::Field::Integers || found->type == rt::Field::Reals);
  }
};

/// Whether the call adds to a variable.
bool isTotal(CallOp call) {
  auto variable = memory::behindViews(call.getInput("a")).getDefiningOp<graph::VariableOp>();
  return variable && llvm::all_of(call->getUsers(), [&](Operation *user) {
           auto assign = dyn_cast<graph::AssignOp>(user);
           return assign && assign.getName() == variable.getName();
         });
}

std::optional<Table> updateTable(CallOp call) {
  if (call.getCallee() == "Add" && isTotal(call))
    return Table{"Add", "AddAll", "totals.add"};
  if (call.getCallee() == "Sgd" && call.getInput("velocity"))
    return Table{"Sgd", "SgdAll", "parameters.update"};
  if (call.getCallee() == "AdamW")
    return Table{"AdamW", "AdamWAll", "parameters.update"};
  if (call.getCallee() == "BatchNormRunning")
    return Table{"BatchNormRunning", "BatchNormRunningAll", "norms.running"};
  return std::nullopt;
}

/// What updates read, which are merged before: they wait for all gradients as it is.
std::optional<Table> gradientTable(CallOp call) {
  if (call.getCallee() == "BatchNormGradParameters")
    return Table{"BatchNormGradParameters", "BatchNormGradParametersAll", "norms.grad"};
  return std::nullopt;
}

SmallVector<Value> sharedInputs(CallOp call, const Table &table) {
  SmallVector<Value> shared;
  for (auto [name, input] : llvm::zip(call.getInputNames(), call.getInputs()))
    if (!table.hasInRow(name))
      shared.push_back(input);
  return shared;
}

SmallVector<NamedAttribute> sharedConfig(CallOp call, const Table &table) {
  return llvm::filter_to_vector(call.getConfig(), [&](NamedAttribute field) {
    return !table.hasColumn(field.getName());
  });
}

/// `{count = 4, weightDecay = 0.1}`, `{count = 9}` as columns.
SmallVector<NamedAttribute> columns(ArrayRef<CallOp> calls, const Table &table) {
  CallOp first = calls.front();
  Builder builder(first->getContext());
  SmallVector<NamedAttribute> columns;
  for (const rt::Field &field : first.getCalleeEntry().fields) {
    if (!table.hasColumn(field.name))
      continue;
    Attribute values;
    if (field.type == rt::Field::Real)
      values = builder.getDenseF64ArrayAttr(llvm::map_to_vector(calls, [&](CallOp call) {
        auto value = call.getConfig().getAs<FloatAttr>(field.name);
        return value ? value.getValueAsDouble() : *field.otherwise;
      }));
    else
      values = builder.getDenseI64ArrayAttr(llvm::map_to_vector(calls, [&](CallOp call) {
        return call.getConfig().getAs<IntegerAttr>(field.name).getInt();
      }));
    columns.push_back(builder.getNamedAttr(field.name, values));
  }
  return columns;
}

/// Views and assignments of the values of `call`, and of views of them.
void collectDependents(Operation *op, SmallVectorImpl<Operation *> &dependents) {
  for (Operation *user : op->getUsers())
    if (isa<rt::ViewOp, graph::AssignOp>(user)) {
      dependents.push_back(user);
      collectDependents(user, dependents);
    }
}

/// The first call, or the return, that reads a result of `op` or a view of one.
Operation *firstReader(Operation *op) {
  Operation *first = op->getBlock()->getTerminator();
  for (Operation *user : op->getUsers()) {
    Operation *reader = isa<rt::ViewOp>(user)        ? firstReader(user)
                        : isa<graph::AssignOp>(user) ? first
                                                     : user;
    if (reader->isBeforeInBlock(first))
      first = reader;
  }
  return first;
}

/// One call for all of `calls`, before `place`.
CallOp makeTable(ArrayRef<CallOp> calls, const Table &table, Operation *place, TypeRange types,
                 IntegerAttr workspace = {}) {
  OpBuilder builder(place);
  CallOp first = calls.front();
  SmallVector<Value> inputs;
  for (CallOp call : calls)
    for (StringRef input : table.entry().row.inputs)
      inputs.push_back(call.getInput(input));
  llvm::append_range(inputs, sharedInputs(first, table));
  SmallVector<NamedAttribute> config = sharedConfig(first, table);
  llvm::append_range(config, columns(calls, table));
  return CallOp::create(builder, named(first.getLoc(), table.name), types,
                        builder.getStringAttr(table.all), builder.getDictionaryAttr(config),
                        inputs, ValueRange(), Value(), workspace);
}

/// Puts a call on a table in place of calls whose results are the rows'.
void merge(ArrayRef<CallOp> calls, const Table &table, Operation *place) {
  SmallVector<Type> types;
  for (CallOp call : calls)
    llvm::append_range(types, call->getResultTypes());
  CallOp all = makeTable(calls, table, place, types);
  SmallVector<Operation *> dependents;
  unsigned result = 0;
  for (CallOp call : calls) {
    collectDependents(call, dependents);
    for (Value old : call.getResults())
      old.replaceAllUsesWith(all.getResult(result++));
    call.erase();
  }
  Operation *last = all;
  for (Operation *dependent : dependents)
    if (dependent->isBeforeInBlock(last)) {
      dependent->moveAfter(last);
      last = dependent;
    }
}

//===- updates ----------------------------------------------------------------------------===//

/// Whether what reads it may write a result over it; not known of what is no call.
bool mayBeWrittenOver(OpOperand &use) {
  auto reader = dyn_cast<CallOp>(use.getOwner());
  if (!reader)
    return true;
  return llvm::any_of(llvm::seq<unsigned>(reader.getOutputs().size()), [&](unsigned output) {
    return reader.mayOverwrite(output, use.getOperandNumber());
  });
}

/// Updates that one call can make, as they come one after the other.
struct Group {
  Table table;
  SmallVector<CallOp> calls;
  int64_t bytes = 0; ///< of gradients that wait for the last of them
  /// Where the first of their results is read; null before any has been added.
  Operation *read = nullptr;
  /// Whether others, behind an update, may write over a value that only it would hold until
  /// then.
  bool holdsForOthers = false;

  void add(CallOp call, int64_t released) {
    calls.push_back(call);
    bytes += released;
    Operation *reader = firstReader(call);
    if (!read || reader->isBeforeInBlock(read))
      read = reader;
    holdsForOthers |= isReadBehind(call);
  }
  bool takes(CallOp call) const {
    CallOp first = calls.front();
    return call.getCallee() == first.getCallee() &&
           call.getInputs().size() == first.getInputs().size() &&
           sharedInputs(call, table) == sharedInputs(first, table) &&
           sharedConfig(call, table) == sharedConfig(first, table);
  }
  /// Nobody reads what is updated before `call`, nobody waits to write over what updates read,
  /// and memory has room for what waits.
  bool canWaitFor(CallOp call, const Occupancy &occupancy) const {
    return !read->isBeforeInBlock(call) && !holdsForOthers &&
           occupancy.hasRoom(bytes, calls.back(), call);
  }

private:
  bool isReadBehind(CallOp update) const {
    return llvm::any_of(table.entry().row.inputs, [&](StringRef input) {
      Value value = memory::behindViews(update.getInput(input));
      return !value.getDefiningOp<graph::VariableOp>() &&
             llvm::any_of(value.getUses(), [&](OpOperand &use) {
               return update->isBeforeInBlock(use.getOwner()) && mayBeWrittenOver(use);
             });
    });
  }
};

void mergeGroups(func::FuncOp function, std::optional<Table> (*tableOf)(CallOp),
                 Occupancy &occupancy) {
  std::vector<Group> groups;
  for (CallOp call : function.getOps<CallOp>()) {
    std::optional<Table> table = tableOf(call);
    if (!table)
      continue;
    auto open = llvm::find_if(llvm::reverse(groups),
                              [&](const Group &group) { return group.takes(call); });
    if (open == groups.rend() || !open->canWaitFor(call, occupancy)) {
      groups.push_back({*table, {}});
      open = groups.rbegin();
    } else {
      occupancy.hold(open->bytes, open->calls.back(), call);
    }
    open->add(call, occupancy.releasedBy(call));
  }
  for (const Group &group : groups)
    if (group.calls.size() > 1)
      merge(group.calls, group.table, group.calls.back());
}

//===- zeros, squares ---------------------------------------------------------------------===//

/// Zeros that variables are set to, in one call at the end.
void mergeZeros(func::FuncOp function) {
  SmallVector<CallOp> zeros;
  for (CallOp call : function.getOps<CallOp>())
    if (call.getCallee() == "Zeros" && !call->use_empty() &&
        llvm::all_of(call->getUsers(), llvm::IsaPred<graph::AssignOp>))
      zeros.push_back(call);
  if (zeros.size() > 1)
    merge(zeros, {"Zeros", "ZerosAll", "totals.zeros"}, function.front().getTerminator());
}

/// Whether another call reads `value` after `call`: it need not be kept for an earlier one's
/// sake.
bool isReadAfter(Value value, CallOp call) {
  value = memory::behindViews(value);
  return value.getDefiningOp<graph::VariableOp>() ||
         llvm::any_of(value.getUsers(),
                      [&](Operation *user) { return call->isBeforeInBlock(user); });
}

/// Sums of squares that `sum` adds up, in one call before it.
LogicalResult mergeSquares(CallOp sum) {
  SmallVector<CallOp> squares;
  SmallVector<Value> others;
  for (Value input : sum.getInputs()) {
    auto call = input.getDefiningOp<CallOp>();
    if (call && call.getCallee() == "SquareSum" && call->hasOneUse() &&
        isReadAfter(call.getInput("x"), sum))
      squares.push_back(call);
    else
      others.push_back(input);
  }
  if (squares.size() < 2)
    return success();
  const std::string name = nameOf(sum.getOperation());
  const Table table = {"SquareSum", "SquareSumAll", name};
  Builder builder(sum->getContext());
  auto config = builder.getDictionaryAttr(columns(squares, table));
  llvm::Expected<int64_t> workspace =
      cuda_lowering::workspaceBytes(sum, table.all, config, TypeRange());
  if (!workspace)
    return sum.emitOpError(llvm::toString(workspace.takeError()));
  CallOp all = makeTable(squares, table, sum, sum->getResultTypes(),
                         builder.getI64IntegerAttr(*workspace));
  if (others.empty()) {
    sum.getResult(0).replaceAllUsesWith(all.getResult(0));
    sum.erase();
  } else {
    others.insert(others.begin(), all.getResult(0));
    sum.getInputsMutable().assign(others);
  }
  for (CallOp call : squares)
    call.erase();
  return success();
}

struct MergeUpdates : impl::MergeUpdatesBase<MergeUpdates> {
  void runOnOperation() override {
    if (failed(memory::verifyLowered(getOperation())))
      return signalPassFailure();
    ModuleOp module = getOperation();
    FailureOr<Occupancy> occupancy = Occupancy::of(module);
    if (failed(occupancy))
      return signalPassFailure();
    for (func::FuncOp function : programsOf(module)) {
      mergeGroups(function, updateTable, *occupancy);
      mergeGroups(function, gradientTable, *occupancy);
      mergeZeros(function);
      for (CallOp call : llvm::make_early_inc_range(function.getOps<CallOp>()))
        if (call.getCallee() == "AddScalars" && failed(mergeSquares(call)))
          return signalPassFailure();
    }
  }
};

} // namespace
} // namespace autopar
