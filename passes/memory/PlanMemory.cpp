// The pass plan-memory: who shares storage with whom, where each storage lies, and the program
// rewritten to work there.
#include "compiler/solvers/packing/Packing.h"
#include "dialects/rt/NextInput.h"
#include "dialects/rt/Rt.h"
#include "passes/Passes.h"
#include "passes/memory/Copies.h"
#include "passes/memory/Lowered.h"

#include "autopar/core/Memory.h"
#include "passes/memory/Storage.h"
#include "passes/memory/VerifyMemory.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_PLANMEMORY
#include "passes/Passes.h.inc"

namespace {

using memory::FunctionMemory, memory::Resident, memory::Storage;

/// Where an argument's next value waits for its step.
using NextInputs = SmallVector<std::pair<BlockArgument, int64_t>>;

/// Offsets of the variables, the same in every function, and of each function's storages.
struct Plan {
  int64_t arenaBytes = 0;
  std::vector<std::vector<int64_t>> offsets;
  NextInputs next;
};

/// One after the other from the start of the arena, in the order in which they are first used.
FailureOr<llvm::StringMap<int64_t>> placeVariables(ArrayRef<FunctionMemory> functions,
                                                   int64_t alignment, int64_t &bytes) {
  llvm::StringMap<int64_t> offsets;
  llvm::StringMap<int64_t> sizes;
  for (const FunctionMemory &memory : functions)
    for (const Storage &storage : memory.storages) {
      if (!storage.variable)
        continue;
      auto [size, isNew] = sizes.try_emplace(storage.variable, storage.bytes);
      if (!isNew && size->second != storage.bytes)
        return func::FuncOp(memory.function).emitOpError("keeps ")
               << storage.bytes << " bytes of variable " << storage.variable
               << ", of which another function keeps " << size->second;
      if (!isNew)
        continue;
      offsets[storage.variable] = bytes;
      bytes += llvm::alignTo(storage.bytes, alignment);
    }
  return offsets;
}

/// Functions follow each other on one time line, so that they share what lies above the
/// variables.
FailureOr<Plan> pack(ModuleOp module, ArrayRef<FunctionMemory> functions, double timeLimit) {
  int64_t variableBytes = 0, alignment = rt::alignmentOf(module);
  FailureOr<llvm::StringMap<int64_t>> variables =
      placeVariables(functions, alignment, variableBytes);
  if (failed(variables))
    return failure();

  std::vector<Buffer> buffers;
  int64_t start = 0;
  for (const FunctionMemory &memory : functions) {
    for (const Storage &storage : memory.storages)
      if (!storage.variable)
        buffers.push_back({storage.name, start + storage.live.begin, start + storage.live.end,
                           storage.bytes});
    start += memory.end;
  }
  PackOptions options;
  options.alignment = alignment;
  options.timeLimitSeconds = timeLimit;
  Packing packing = autopar::pack(buffers, options);
  if (packing.status == PackStatus::Invalid)
    return module.emitError("cannot plan memory: ") << packing.message;
  if (std::optional<std::string> wrong =
          check(buffers, packing.offsets, packing.arenaBytes, options.alignment))
    return module.emitError("the memory plan is wrong: ") << *wrong;

  Plan plan;
  auto offset = packing.offsets.begin();
  for (const FunctionMemory &memory : functions)
    for (auto &offsets = plan.offsets.emplace_back();
         const Storage &storage : memory.storages) {
      offsets.push_back(storage.variable ? variables->lookup(storage.variable)
                                         : variableBytes + *offset++);
      plan.arenaBytes = std::max(plan.arenaBytes, offsets.back() + storage.bytes);
    }
  return plan;
}

/// Behind all that any function uses, room for the next step's batch, which a target with more
/// than one stream brings while a step or an evaluation runs. A few bytes it writes without
/// waiting anyway.
void placeNextInputs(ModuleOp module, Plan &plan) {
  const rt::Target *target = rt::targetOf(module);
  func::FuncOp step = findProgram(module, stepFunctionName);
  if (!target || !target->communicatesBeside || !step)
    return;
  for (BlockArgument argument : step.getArguments()) {
    auto input =
        step.getArgAttrOfType<StringAttr>(argument.getArgNumber(), graph::inputAttrName);
    if (!input || rt::bytesOf(argument.getType()) <= int64_t(Memory::fewBytes))
      continue;
    const auto offset = static_cast<int64_t>(
        llvm::alignTo(plan.arenaBytes, rt::alignmentOf(module)));
    plan.next.push_back({argument, offset});
    plan.arenaBytes = offset + rt::bytesOf(argument.getType());
  }
}

MemRefType memoryOf(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(), tensor.getElementType());
}

/// Rewrites a function to work on slices: first all of them, a line each, then the calls.
class OnMemory {
public:
  OnMemory(const FunctionMemory &memory, ArrayRef<int64_t> offsets, const NextInputs &next)
      : memory(memory), offsets(offsets), next(next), function(memory.function),
        builder(function.getContext()) {}

  void rewrite() {
    builder.setInsertionPointToStart(&function.front());
    for (auto &[value, resident] : memory.values)
      makeSlice(value, resident);
    for (auto [argument, offset] : next)
      if (argument.getOwner() == &function.front())
        makeNextSlice(argument, offset);
    for (auto &[call, resident] : memory.workspaces)
      workspaces[call] = slice(
          resident, MemRefType::get(bytesOf(resident), builder.getI8Type()), call->getLoc());
    for (Operation &op : llvm::make_early_inc_range(function.front()))
      if (!isa<rt::SliceOp>(op))
        move(&op);
    for (Operation *op : llvm::reverse(replaced))
      op->erase();
    takeArgumentsAway();
  }

private:
  int64_t bytesOf(const Resident &resident) const {
    return memory.storages[resident.storage].bytes;
  }

  Value slice(const Resident &resident, MemRefType type, Location loc) {
    return rt::SliceOp::create(builder, loc, type, resident.name, resident.kind,
                               offsets[resident.storage], resident.live.begin,
                               resident.live.end, resident.updates);
  }

  /// What a variable or an argument says of itself is kept on its slice.
  void makeSlice(Value value, const Resident &resident) {
    Value memref = slice(resident, memoryOf(value.getType()), value.getLoc());
    Operation *made = memref.getDefiningOp();
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      if (DictionaryAttr attrs = function.getArgAttrDict(argument.getArgNumber()))
        made->setDiscardableAttrs(attrs);
    } else if (auto variable = value.getDefiningOp<graph::VariableOp>()) {
      made->setDiscardableAttrs(variable->getDiscardableAttrDictionary());
      made->setAttr(rt::initAttrName, variable.getInit());
      if (DenseI64ArrayAttr stored = variable.getStoredAttr())
        made->setAttr(rt::storedAttrName, stored);
    }
    mapping.map(value, memref);
  }

  void makeNextSlice(BlockArgument argument, int64_t offset) {
    auto input =
        function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), graph::inputAttrName);
    auto slice = rt::SliceOp::create(builder, argument.getLoc(), memoryOf(argument.getType()),
                                     input.str() + ".next", rt::BufferKind::Input, offset,
                                     /*begin=*/0, memory.end, StringAttr());
    slice->setAttr(rt::nextAttrName, input);
  }

  void move(Operation *op) {
    builder.setInsertionPoint(op);
    if (rt::CallOp awaited = memory.joins.awaitedBefore(op))
      rt::JoinOp::create(builder, awaited.getLoc(), inMemory(awaited.getResults()));
    if (auto call = dyn_cast<rt::CallOp>(op)) {
      rt::CallOp::create(builder, op->getLoc(), TypeRange(), call.getCalleeAttr(),
                         call.getConfigAttr(), inMemory(call.getInputs()),
                         inMemory(call.getResults()), workspaces.lookup(op), IntegerAttr());
    } else if (auto view = dyn_cast<rt::ViewOp>(op)) {
      mapping.map(view.getResult(),
                  rt::ViewOp::create(builder, op->getLoc(), memoryOf(view.getType()),
                                     mapping.lookup(view.getSource()))
                      .getResult());
    } else if (isa<func::ReturnOp>(op)) {
      for (OpOperand &operand : op->getOpOperands())
        operand.set(mapping.lookup(operand.get()));
      return;
    }
    replaced.push_back(op);
  }

  SmallVector<Value> inMemory(ValueRange values) const {
    return llvm::map_to_vector(values, [&](Value value) { return mapping.lookup(value); });
  }

  void takeArgumentsAway() {
    function.front().eraseArguments([](BlockArgument) { return true; });
    function.removeArgAttrsAttr();
    function.setType(
        builder.getFunctionType({}, function.front().getTerminator()->getOperandTypes()));
  }

  const FunctionMemory &memory;
  ArrayRef<int64_t> offsets;
  const NextInputs &next;
  func::FuncOp function;
  OpBuilder builder;
  IRMapping mapping;
  DenseMap<Operation *, Value> workspaces;
  SmallVector<Operation *> replaced;
};

struct PlanMemory : impl::PlanMemoryBase<PlanMemory> {
  using PlanMemoryBase::PlanMemoryBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(memory::verifyLowered(module)))
      return signalPassFailure();
    std::vector<FunctionMemory> functions;
    for (func::FuncOp function : programsOf(module)) {
      if (failed(memory::insertCopies(function)))
        return signalPassFailure();
      functions.emplace_back(function);
    }
    FailureOr<Plan> plan = pack(module, functions, timeLimit);
    if (failed(plan))
      return signalPassFailure();

    placeNextInputs(module, *plan);

    Builder builder(module);
    module->setAttr(rt::arenaAttrName, builder.getI64IntegerAttr(plan->arenaBytes));
    for (auto [memory, offsets] : llvm::zip_equal(functions, plan->offsets))
      OnMemory(memory, offsets, plan->next).rewrite();
    if (failed(memory::verifyMemory(module)))
      signalPassFailure();
  }
};

} // namespace
} // namespace autopar
