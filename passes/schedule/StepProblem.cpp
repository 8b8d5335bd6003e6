// See StepProblem.h.
#include "passes/schedule/StepProblem.h"

#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/InPlace.h"
#include "passes/schedule/Places.h"
#include "passes/schedule/Prediction.h"
#include "passes/sharding/Strategies.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace autopar {

static bool isScheduled(Operation *op) {
  return !isa<graph::VariableOp, graph::AssignOp>(op) &&
         !op->hasTrait<OpTrait::IsTerminator>() && !isView(op);
}

StepProblem::StepProblem(func::FuncOp function, const CostModel &costs) : function(function) {
  for (auto variable : function.getOps<graph::VariableOp>())
    variables[variable.getName()] = variable;
  for (Operation &op : function.front())
    if (isScheduled(&op))
      for (Value operand : op.getOperands())
        lastReaders[behindViews(operand)] = &op;
  for (Value returned : function.front().getTerminator()->getOperands())
    lastReaders[behindViews(returned)] = function.front().getTerminator();
  for (Operation &op : function.front())
    if (isScheduled(&op))
      add(&op, costs);
}

void StepProblem::add(Operation *op, const CostModel &costs) {
  const int index = problem.size();
  schedule::Operation &operation = problem.operations.emplace_back();
  operation.name = nameOf(op);
  if (std::optional<PredictedOp> predicted = predict(op, costs)) {
    operation.cost = wholeNanoseconds(predicted->seconds);
    operation.communicates = predicted->communicates;
  }
  ops.push_back(op);
  indexOf[op] = index;
  addReader(op);
  takePlaces(op);
}

static void addOnce(std::vector<int> &list, int index) {
  if (!llvm::is_contained(list, index))
    list.push_back(index);
}

/// What `op` reads, and the bytes that are held for it.
void StepProblem::addReader(Operation *op) {
  schedule::Operation &operation = problem.operations.back();
  for (Value operand : op->getOperands()) {
    Value value = behindViews(operand);
    if (Operation *made = value.getDefiningOp(); made && indexOf.contains(made))
      addOnce(operation.inputs, indexOf.lookup(made));
    for (int place : places[value])
      addOnce(operation.inputs, place);
    readers[value].push_back(indexOf.lookup(op));
  }
}

/// Where the results of `op` lie: in a variable, over an operand that nobody else reads later,
/// or in bytes of their own.
void StepProblem::takePlaces(Operation *op) {
  const int index = indexOf.lookup(op);
  schedule::Operation &operation = problem.operations.back();
  auto comesAfterReaders = [&](Value value) {
    for (int reader : readers[value])
      if (reader != index)
        addOnce(operation.after, reader);
  };
  llvm::DenseSet<Value> taken;
  for (OpResult result : op->getResults()) {
    if (StringRef name = assignedTo(result); !name.empty()) {
      if (Value variable = variables.lookup(name))
        comesAfterReaders(variable);
      continue;
    }
    bool overOperand = false;
    for (OpOperand &operand : op->getOpOperands()) {
      Value value = behindViews(operand.get());
      if (overOperand || !value.getDefiningOp() || places[value].empty() ||
          bytesOf(value) != bytesOf(result) || lastReaders.lookup(value) != op ||
          !lowering::worksInPlace(op, operand.getOperandNumber()) ||
          !taken.insert(value).second)
        continue;
      comesAfterReaders(value);
      SmallVector<int> same = places[value];
      places[result] = same;
      overOperand = true;
    }
    if (overOperand)
      continue;
    operation.bytes += bytesOf(result);
    places[result] = {index};
  }
}

/// What costs nothing follows what it needs.
void StepProblem::follow(Operation *op) {
  for (Value result : op->getResults())
    for (Operation *user : llvm::make_early_inc_range(result.getUsers())) {
      if (!isa<graph::AssignOp>(user) && !isView(user))
        continue;
      user->moveBefore(function.front().getTerminator());
      follow(user);
    }
}

void StepProblem::apply(const schedule::Order &order) {
  for (int index : order) {
    ops[index]->moveBefore(function.front().getTerminator());
    follow(ops[index]);
  }
}

} // namespace autopar
