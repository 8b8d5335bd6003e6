// See Storage.h.
#include "passes/memory/Storage.h"

#include "passes/memory/Copies.h"
#include "passes/memory/Gradients.h"

using namespace mlir;

namespace autopar::memory {

using graph::AssignOp, graph::VariableOp;

static rt::BufferKind kindOf(graph::VariableKind kind) {
  switch (kind) {
  case graph::VariableKind::Parameter:
    return rt::BufferKind::Parameter;
  case graph::VariableKind::State:
  case graph::VariableKind::Constant:
    return rt::BufferKind::State;
  case graph::VariableKind::Slot:
    return rt::BufferKind::Slot;
  }
  llvm_unreachable("a variable's kind");
}

static AssignOp assignmentOf(Value value) {
  for (Operation *user : value.getUsers())
    if (auto assign = dyn_cast<AssignOp>(user))
      return assign;
  return {};
}

/// The name of a result: of one of a table's row that of what it updates, and `new`.
static std::string resultName(OpResult result) {
  auto call = cast<rt::CallOp>(result.getOwner());
  if (call.getCalleeEntry().form == rt::CallForm::Table)
    if (SmallVector<unsigned> over = call.getOverwritable(result.getResultNumber());
        !over.empty())
      return nameOf(behindViews(call.getInputs()[over.front()])) + ".new";
  return nameOf(result);
}

FunctionMemory::FunctionMemory(func::FuncOp function)
    : function(function), joins(function), gradients(gradientsOf(function)) {
  int64_t number = 0;
  for (rt::CallOp call : function.getOps<rt::CallOp>())
    numbers[call] = ++number;
  numbers[function.front().getTerminator()] = ++number;
  end = number + 1;

  for (BlockArgument argument : function.getArguments()) {
    auto input =
        function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), graph::inputAttrName);
    place(argument, {input ? input.str() : nameOf(argument),
                     rt::BufferKind::Input,
                     0,
                     {0, std::max<int64_t>(neededUntil(argument), 1)}});
  }
  for (Operation &op : function.front()) {
    if (auto variable = dyn_cast<VariableOp>(op)) {
      place(variable, {variable.getName().str(), kindOf(variable.getKind()), 0, {0, end}});
      storages.back().variable = variable.getNameAttr();
      variables[variable.getNameAttr()] = variable;
    } else if (auto call = dyn_cast<rt::CallOp>(op)) {
      placeResults(call, numbers[call]);
    }
  }
  for (auto &[value, resident] : values) {
    Interval &live = storages[resident.storage].live;
    live.begin = std::min(live.begin, resident.live.begin);
    live.end = std::max(live.end, resident.live.end);
  }
}

int64_t FunctionMemory::endOf(Operation *op) const {
  Operation *end = joins.endOf(op);
  return end ? numbers.lookup(end) : numbers.lookup(op) + 1;
}

int64_t FunctionMemory::neededUntil(Value value, Operation *except) const {
  int64_t until = 0;
  for (Operation *user : value.getUsers()) {
    if (auto view = dyn_cast<rt::ViewOp>(user))
      until = std::max(until, neededUntil(view.getResult(), except));
    else if (user != except && !isa<AssignOp>(user))
      until = std::max(until, endOf(user));
  }
  return until;
}

unsigned FunctionMemory::newStorage(const Resident &resident, int64_t bytes) {
  storages.push_back({resident.name, bytes, resident.live});
  return storages.size() - 1;
}

/// Puts `value` in a storage of its own.
void FunctionMemory::place(Value value, Resident resident) {
  resident.storage = newStorage(resident, rt::bytesOf(value.getType()));
  values.insert({value, resident});
}

/// The storage of an input that `output` may take, if there is one that nobody reads
/// afterwards.
std::optional<unsigned> FunctionMemory::takeOver(rt::CallOp call, unsigned output,
                                                 int64_t number) {
  int64_t bytes = rt::bytesOf(call.getResult(output).getType());
  for (unsigned over : call.getOverwritable(output)) {
    if (over >= call.getInputs().size())
      continue;
    Value value = behindViews(call.getInputs()[over]);
    Resident &old = values.find(value)->second;
    bool taken = old.live.end == number; // by another result of this call
    if (taken || storages[old.storage].variable || neededUntil(value, call) > number ||
        storages[old.storage].bytes != bytes)
      continue;
    if (!llvm::all_of(llvm::seq<unsigned>(call.getInputs().size()), [&](unsigned input) {
          return behindViews(call.getInputs()[input]) != value ||
                 call.mayOverwrite(output, input);
        }))
      continue;
    old.live.end = number;
    return old.storage;
  }
  return std::nullopt;
}

void FunctionMemory::placeResults(rt::CallOp call, int64_t number) {
  for (OpResult result : call->getResults()) {
    unsigned index = result.getResultNumber();
    Resident resident{resultName(result),
                      rt::BufferKind::Activation,
                      0,
                      {number, std::max(neededUntil(result), endOf(call))}};
    if (call.isCollective())
      resident.kind = rt::BufferKind::Communication;
    if (auto gradient = gradients.find(result); gradient != gradients.end()) {
      resident.kind = rt::BufferKind::Gradient;
      resident.name = gradient->second;
    }

    if (AssignOp assign = assignmentOf(result)) {
      Resident &old = values.find(variables.lookup(assign.getNameAttr()))->second;
      old.live.end = number;
      resident = {(assign.getName() + ".new").str(),
                  old.kind,
                  old.storage,
                  {number, end},
                  assign.getNameAttr()};
      values.insert({result, resident});
    } else if (call.getCalleeEntry().inPlace) {
      Resident &old = values.find(behindViews(call.getInputs()[index]))->second;
      old.live.end = number;
      resident.storage = old.storage;
      if (resident.kind != rt::BufferKind::Gradient)
        resident.kind =
            old.kind == rt::BufferKind::Input ? rt::BufferKind::Activation : old.kind;
      values.insert({result, resident});
    } else if (std::optional<unsigned> storage = takeOver(call, index, number)) {
      resident.storage = *storage;
      values.insert({result, resident});
    } else {
      place(result, resident);
    }
  }
  if (int64_t bytes = call.getWorkspace().value_or(0)) {
    Resident workspace{nameOf(call.getOperation()) + ".workspace",
                       call.isCollective() ? rt::BufferKind::Communication
                                          : rt::BufferKind::Workspace,
                       0,
                       {number, endOf(call)}};
    workspace.storage = newStorage(workspace, bytes);
    workspaces.insert({call, workspace});
  }
}

} // namespace autopar::memory
