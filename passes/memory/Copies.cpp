// See Copies.h.
#include "passes/memory/Copies.h"

#include "dialects/rt/Rt.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace autopar::memory {

using graph::AssignOp, graph::VariableOp;

Value behindViews(Value value) {
  while (auto view = value.getDefiningOp<rt::ViewOp>())
    value = view.getSource();
  return value;
}

/// The later of two operations, either of which may be null.
static Operation *later(Operation *a, Operation *b) {
  if (!a || !b)
    return a ? a : b;
  return a->isBeforeInBlock(b) ? b : a;
}

/// The last operation that reads `value` or a view of it; null where none does. An assignment
/// reads nothing: the value is in place by then, or the copy that puts it there reads it.
static Operation *lastReader(Value value) {
  Operation *last = nullptr;
  for (Operation *user : value.getUsers()) {
    if (auto view = dyn_cast<rt::ViewOp>(user))
      last = later(last, lastReader(view.getResult()));
    else if (!isa<AssignOp>(user))
      last = later(last, user);
  }
  return last;
}

static bool isAssigned(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    auto view = dyn_cast<rt::ViewOp>(user);
    return isa<AssignOp>(user) || (view && isAssigned(view.getResult()));
  });
}

static Value copy(OpBuilder &builder, Value value, const Twine &name) {
  auto type = cast<RankedTensorType>(value.getType());
  auto config = builder.getDictionaryAttr(
      builder.getNamedAttr("count", builder.getI64IntegerAttr(type.getNumElements())));
  return rt::CallOp::create(builder, named(value.getLoc(), name), type,
                            builder.getStringAttr("Copy"), config, value, ValueRange(), Value(),
                            IntegerAttr())
      .getResult(0);
}

static void mergeVariables(func::FuncOp function) {
  llvm::StringMap<VariableOp> first;
  for (VariableOp variable : llvm::make_early_inc_range(function.getOps<VariableOp>())) {
    auto [entry, isNew] = first.try_emplace(variable.getName(), variable);
    if (isNew)
      continue;
    variable.replaceAllUsesWith(entry->second.getResult());
    variable.erase();
  }
}

/// A copy, made at once, of a variable's old value that is to be returned or assigned
/// elsewhere.
static void saveOldValue(OpOperand &use) {
  auto variable = behindViews(use.get()).getDefiningOp<VariableOp>();
  if (!variable)
    return;
  Operation *made = use.get().getDefiningOp();
  OpBuilder builder(made->getContext());
  builder.setInsertionPointAfter(made);
  use.set(copy(builder, use.get(), variable.getName() + ".old"));
}

/// Whether `call` may overwrite its input `input` although others want it later.
static bool outlives(rt::CallOp call, unsigned input) {
  Value value = behindViews(call.getInputs()[input]);
  for (Value earlier : call.getInputs().take_front(input))
    if (behindViews(earlier) == value)
      return true;
  return value.getDefiningOp<VariableOp>() || isAssigned(value) ||
         lastReader(value) != call.getOperation();
}

static void copyWhatIsOverwritten(rt::CallOp call) {
  OpBuilder builder(call);
  for (auto [index, operand] : llvm::enumerate(call.getInputsMutable())) {
    if (!outlives(call, index))
      continue;
    auto variable = behindViews(operand.get()).getDefiningOp<VariableOp>();
    std::string name = variable ? variable.getName().str() : nameOf(operand.get());
    operand.set(copy(builder, operand.get(), name + ".copy"));
  }
}

/// Whether `value` can be computed in the storage of `variable`.
static bool canStandIn(Value value, VariableOp variable) {
  auto call = value.getDefiningOp<rt::CallOp>();
  if (!call || call.getCalleeEntry().inPlace || value.getType() != variable.getType())
    return false;
  Operation *last = lastReader(variable.getResult());
  if (!last || last->isBeforeInBlock(call))
    return true;
  if (last != call)
    return false;
  unsigned output = cast<OpResult>(value).getResultNumber();
  return llvm::all_of(llvm::enumerate(call.getInputs()), [&](auto input) {
    return behindViews(input.value()) != variable.getResult() ||
           call.mayOverwrite(output, input.index());
  });
}

/// Every assignment names a variable of the function, once, and is not of its own old value.
static LogicalResult checkAssignments(func::FuncOp function,
                                      const llvm::StringMap<VariableOp> &variables) {
  llvm::StringSet<> assigned;
  for (AssignOp assign : llvm::make_early_inc_range(function.getOps<AssignOp>())) {
    VariableOp variable = variables.lookup(assign.getName());
    if (!variable)
      return assign.emitOpError(
          "assigns a variable that the function has no graph.variable for");
    if (!assigned.insert(assign.getName()).second)
      return assign.emitOpError("assigns a variable for the second time");
    if (behindViews(assign.getValue()) == variable.getResult())
      assign.erase();
  }
  return success();
}

/// The value can be made in the variable's storage, or is copied there when that is free.
static void makeRoom(AssignOp assign, VariableOp variable, DenseSet<Value> &placed) {
  if (canStandIn(assign.getValue(), variable) && placed.insert(assign.getValue()).second)
    return;
  Operation *made = assign.getValue().getDefiningOp();
  Operation *after = later(later(made, variable), lastReader(variable.getResult()));
  OpBuilder builder(assign.getContext());
  builder.setInsertionPointAfter(after);
  Value copied = copy(builder, assign.getValue(), variable.getName() + ".new");
  assign.getValueMutable().set(copied);
  placed.insert(copied);
  assign->moveAfter(copied.getDefiningOp());
}

LogicalResult insertCopies(func::FuncOp function) {
  mergeVariables(function);
  for (OpOperand &returned : function.front().getTerminator()->getOpOperands())
    saveOldValue(returned);
  for (rt::CallOp call : llvm::make_early_inc_range(function.getOps<rt::CallOp>()))
    if (call.getCalleeEntry().inPlace)
      copyWhatIsOverwritten(call);

  llvm::StringMap<VariableOp> variables;
  for (VariableOp variable : function.getOps<VariableOp>())
    variables[variable.getName()] = variable;
  if (failed(checkAssignments(function, variables)))
    return failure();
  // All old values are saved before any storage is judged free.
  for (AssignOp assign : function.getOps<AssignOp>())
    saveOldValue(assign.getValueMutable());
  DenseSet<Value> placed;
  for (AssignOp assign : llvm::make_early_inc_range(function.getOps<AssignOp>()))
    makeRoom(assign, variables.lookup(assign.getName()), placed);
  return success();
}

} // namespace autopar::memory
