// See Occupancy.h. The planner's own first steps, taken on a copy of the module.
#include "passes/memory/Occupancy.h"

#include "passes/Passes.h"
#include "passes/memory/Copies.h"
#include "passes/memory/Storage.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;

namespace autopar::memory {

FailureOr<Occupancy> Occupancy::of(ModuleOp module) {
  IRMapping mapping;
  OwningOpRef<ModuleOp> copy = cast<ModuleOp>(module->clone(mapping));
  DenseMap<Operation *, rt::CallOp> originals;
  module.walk([&](rt::CallOp call) { originals[mapping.lookup(call.getOperation())] = call; });
  Occupancy occupancy;
  for (func::FuncOp function : programsOf(*copy)) {
    if (failed(insertCopies(function)))
      return failure();
    occupancy.add(function, originals);
  }
  return occupancy;
}

void Occupancy::add(func::FuncOp planned, const DenseMap<Operation *, rt::CallOp> &originals) {
  const FunctionMemory memory(planned);
  const auto bytesOf = [alignment = rt::alignmentOf(planned)](const Storage &storage) {
    return static_cast<int64_t>(llvm::alignTo(storage.bytes, alignment));
  };
  std::vector<int64_t> &now = held.emplace_back(memory.end + 1);
  for (const Storage &storage : memory.storages) // first what changes, then sums of that
    if (!storage.variable && storage.live.begin < storage.live.end) {
      now[storage.live.begin] += bytesOf(storage);
      if (storage.live.end < memory.end + 1)
        now[storage.live.end] -= bytesOf(storage);
    }
  std::partial_sum(now.begin(), now.end(), now.begin());
  fullest = std::max(fullest, *llvm::max_element(now));

  DenseMap<Operation *, int64_t> numbers;
  int64_t count = 0;
  for (rt::CallOp call : planned.getOps<rt::CallOp>()) {
    numbers[call] = ++count;
    if (rt::CallOp original = originals.lookup(call))
      calls[original] = {static_cast<unsigned>(held.size() - 1), count, 0};
  }
  DenseSet<unsigned> counted;
  // `call` is the last to need what ends at `end`.
  auto release = [&](const Resident &resident, rt::CallOp call, int64_t end) {
    const Storage &storage = memory.storages[resident.storage];
    if (storage.variable || storage.live.end != end || !counted.insert(resident.storage).second)
      return false;
    calls[originals.lookup(call)].released += bytesOf(storage);
    return true;
  };
  for (rt::CallOp call : planned.getOps<rt::CallOp>()) {
    for (Value input : call.getInputs())
      if (originals.lookup(call))
        release(memory.values.find(behindViews(input))->second, call, numbers.lookup(call) + 1);
    // What a collective uses is held until the call that waits for it, and would be held there
    // where that call came later.
    auto waiting = dyn_cast_if_present<rt::CallOp>(memory.joins.endOf(call));
    if (!waiting || !originals.lookup(waiting))
      continue;
    const int64_t number = numbers.lookup(waiting);
    auto holdBehind = [&](const Resident &resident) {
      if (release(resident, waiting, number))
        now[number] += bytesOf(memory.storages[resident.storage]);
    };
    for (Value used : call->getOperands())
      holdBehind(memory.values.find(behindViews(used))->second);
    for (Value used : call->getResults())
      holdBehind(memory.values.find(used)->second);
    if (auto workspace = memory.workspaces.find(call.getOperation());
        workspace != memory.workspaces.end())
      holdBehind(workspace->second);
  }
}

bool Occupancy::hasRoom(int64_t bytes, rt::CallOp from, rt::CallOp to) const {
  const Call begin = calls.lookup(from), end = calls.lookup(to);
  for (int64_t number = begin.number + 1; number <= end.number; ++number)
    if (held[begin.function][number] + bytes > fullest)
      return false;
  return true;
}

void Occupancy::hold(int64_t bytes, rt::CallOp from, rt::CallOp to) {
  const Call begin = calls.lookup(from), end = calls.lookup(to);
  for (int64_t number = begin.number + 1; number <= end.number; ++number)
    held[begin.function][number] += bytes;
}

} // namespace autopar::memory
