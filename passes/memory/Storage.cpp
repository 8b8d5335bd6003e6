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

static bool isCollective(rt::CallOp call) {
  return call.getCalleeEntry().form == rt::CallForm::Collective;
}

FunctionMemory::FunctionMemory(func::FuncOp function)
    : function(function), gradients(gradientsOf(function)) {
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
                     {0, std::max<int64_t>(lastRead(argument), 0) + 1}});
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

/// The number of the last operation that reads `value`, through views as well; -1 for none.
int64_t FunctionMemory::lastRead(Value value) const {
  int64_t last = -1;
  for (Operation *user : value.getUsers()) {
    if (auto view = dyn_cast<rt::ViewOp>(user))
      last = std::max(last, lastRead(view.getResult()));
    else if (!isa<AssignOp>(user))
      last = std::max(last, numbers.lookup(user));
  }
  return last;
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
  auto mayOverwrite = [&](unsigned input) {
    return llvm::any_of(call.getCalleeEntry().ties, [&](rt::Tie tie) {
      return tie.output == output && tie.input == input;
    });
  };
  int64_t bytes = rt::bytesOf(call.getResult(output).getType());
  for (rt::Tie tie : call.getCalleeEntry().ties) {
    if (tie.output != output || tie.input >= call.getInputs().size())
      continue;
    Value value = behindViews(call.getInputs()[tie.input]);
    Resident &old = values.find(value)->second;
    bool taken = old.live.end == number; // by another result of this call
    if (taken || storages[old.storage].variable || lastRead(value) != number ||
        storages[old.storage].bytes != bytes)
      continue;
    if (!llvm::all_of(llvm::seq<unsigned>(call.getInputs().size()), [&](unsigned input) {
          return behindViews(call.getInputs()[input]) != value || mayOverwrite(input);
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
    Resident resident{nameOf(result),
                      rt::BufferKind::Activation,
                      0,
                      {number, std::max(lastRead(result), number) + 1}};
    if (isCollective(call))
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
                       isCollective(call) ? rt::BufferKind::Communication
                                          : rt::BufferKind::Workspace,
                       0,
                       {number, number + 1}};
    workspace.storage = newStorage(workspace, bytes);
    workspaces.insert({call, workspace});
  }
}

} // namespace autopar::memory
