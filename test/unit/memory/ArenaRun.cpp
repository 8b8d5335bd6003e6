// See ArenaRun.h.
#include "ArenaRun.h"

#include "dialects/graph/Graph.h"
#include "dialects/rt/Rt.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"

#include <cstring>
#include <random>

using namespace mlir;

namespace autopar {

MLIRContext &context() {
  static MLIRContext context(MLIRContext::Threading::DISABLED);
  context
      .loadDialect<func::FuncDialect, graph::GraphDialect, dist::DistDialect, rt::RtDialect>();
  return context;
}

static Bytes noise(uint64_t seed, size_t size) {
  std::mt19937_64 random(seed);
  Bytes bytes(size);
  for (uint8_t &byte : bytes)
    byte = random();
  return bytes;
}

static uint64_t hash(uint64_t from, ArrayRef<uint8_t> bytes) {
  for (uint8_t byte : bytes)
    from = (from ^ byte) * 0x100000001b3;
  return from;
}

static Bytes beginning(StringRef name, size_t size) {
  return noise(hash(1, arrayRefFromStringRef<uint8_t>(name)), size);
}

static std::vector<Bytes> compute(StringRef callee, ArrayRef<Bytes> inputs,
                                  ArrayRef<size_t> sizes) {
  if (callee == "Copy")
    return {inputs[0]};
  uint64_t seed = hash(2, arrayRefFromStringRef<uint8_t>(callee));
  for (const Bytes &input : inputs)
    seed = hash(seed, input);
  std::vector<Bytes> outputs;
  for (auto [index, size] : llvm::enumerate(sizes))
    outputs.push_back(noise(seed + index, size));
  return outputs;
}

/// A call's outputs, each of so many bytes. A row of a table is a call of what stands before
/// `All`, whose inputs are in the row's order, and those that rows share behind them.
static std::vector<Bytes> compute(rt::CallOp call, std::vector<Bytes> inputs,
                                  ArrayRef<size_t> sizes) {
  const rt::Callee &callee = call.getCalleeEntry();
  if (callee.form != rt::CallForm::Table) {
    if (callee.name == "Sgd" && inputs.size() == 4)
      std::swap(inputs[2], inputs[3]); // The learning rate comes last.
    return compute(callee.name, inputs, sizes);
  }
  std::vector<Bytes> outputs;
  const ArrayRef<Bytes> all = inputs;
  const size_t rowInputs = callee.row.inputs.size(), rowOutputs = callee.row.outputs.size();
  for (unsigned row : llvm::seq(call.getRows())) {
    std::vector<Bytes> ofRow = all.slice(row * rowInputs, rowInputs).vec();
    llvm::append_range(ofRow, all.drop_front(call.getRows() * rowInputs));
    llvm::append_range(outputs, compute(callee.name.drop_back(strlen("All")), ofRow,
                                        sizes.slice(row * rowOutputs, rowOutputs)));
  }
  return outputs;
}

static SmallVector<size_t> sizesOf(ValueRange values) {
  return llvm::map_to_vector(values,
                             [](Value value) { return size_t(rt::bytesOf(value.getType())); });
}

static std::string nameOfInput(func::FuncOp function, unsigned argument) {
  return function.getArgAttrOfType<StringAttr>(argument, graph::inputAttrName).str();
}

Leavings runOnValues(func::FuncOp function) {
  llvm::DenseMap<Value, Bytes> values;
  Leavings leavings;
  for (BlockArgument argument : function.getArguments())
    values[argument] = beginning(nameOfInput(function, argument.getArgNumber()),
                                 rt::bytesOf(argument.getType()));
  for (Operation &op : function.front()) {
    if (auto variable = dyn_cast<graph::VariableOp>(op)) {
      values[variable] = beginning(variable.getName(), rt::bytesOf(variable.getType()));
      leavings.variables.try_emplace(variable.getName().str(), values[variable]);
    } else if (auto assign = dyn_cast<graph::AssignOp>(op)) {
      leavings.variables[assign.getName().str()] = values[assign.getValue()];
    } else if (auto view = dyn_cast<rt::ViewOp>(op)) {
      Bytes bytes = values[view.getSource()];
      values[view.getResult()] = bytes;
    } else if (auto call = dyn_cast<rt::CallOp>(op)) {
      std::vector<Bytes> inputs;
      for (Value input : call.getInputs())
        inputs.push_back(values[input]);
      auto outputs = compute(call, inputs, sizesOf(call.getResults()));
      for (auto [result, bytes] : llvm::zip_equal(call.getResults(), outputs))
        values[result] = bytes;
    } else {
      for (Value returned : op.getOperands())
        leavings.results.push_back(values[returned]);
    }
  }
  return leavings;
}

namespace {

class Arena {
public:
  explicit Arena(size_t size) : bytes(noise(3, size)) {}

  Bytes read(Value memory) {
    auto [offset, size] = place(memory);
    return Bytes(bytes.begin() + offset, bytes.begin() + offset + size);
  }
  void write(Value memory, const Bytes &content) {
    llvm::copy(content, bytes.begin() + place(memory).first);
  }

  void run(rt::CallOp call) {
    if (call.getScratch())
      write(call.getScratch(), noise(4, place(call.getScratch()).second));
    std::vector<Bytes> inputs;
    for (Value input : call.getInputs())
      inputs.push_back(read(input));
    auto outputs = compute(call, inputs, sizesOf(call.getOuts()));
    for (auto [out, content] : llvm::zip_equal(call.getOuts(), outputs))
      write(out, content);
  }

  /// A collective has begun: what it writes, and does not read, may be anything.
  void begin(rt::CallOp call) {
    if (call.getScratch())
      write(call.getScratch(), noise(5, place(call.getScratch()).second));
    if (!call.getCalleeEntry().inPlace)
      for (Value out : call.getOuts())
        write(out, noise(6, place(out).second));
  }

private:
  static std::pair<int64_t, int64_t> place(Value memory) {
    while (auto view = memory.getDefiningOp<rt::ViewOp>())
      memory = view.getSource();
    auto slice = memory.getDefiningOp<rt::SliceOp>();
    return {slice.getOffset(), slice.getBytes()};
  }

  Bytes bytes;
};

} // namespace

Leavings runInArena(func::FuncOp function, Moment moment) {
  Arena arena(function->getParentOfType<ModuleOp>()
                  ->getAttrOfType<IntegerAttr>(rt::arenaAttrName)
                  .getInt());
  SmallVector<rt::SliceOp> variables;
  for (rt::SliceOp slice : function.getOps<rt::SliceOp>()) {
    if (slice.isVariable() && !slice.getUpdates())
      variables.push_back(slice);
    if ((slice.isVariable() && !slice.getUpdates()) || slice.getKind() == rt::BufferKind::Input)
      arena.write(slice, beginning(slice.getName(), slice.getBytes()));
  }
  Leavings leavings;
  SmallVector<rt::CallOp> running; // in the order of their stream
  for (Operation &op : function.front()) {
    if (auto call = dyn_cast<rt::CallOp>(op)) {
      if (moment == Moment::AtJoin && call.runsBeside()) {
        arena.begin(call);
        running.push_back(call);
      } else {
        arena.run(call);
      }
    } else if (auto join = dyn_cast<rt::JoinOp>(op)) {
      auto *end = llvm::find(running, join.getCollective());
      if (end == running.end())
        continue;
      for (rt::CallOp call : llvm::make_range(running.begin(), std::next(end)))
        arena.run(call);
      running.erase(running.begin(), std::next(end));
    } else if (op.hasTrait<OpTrait::IsTerminator>()) {
      for (Value returned : op.getOperands())
        leavings.results.push_back(arena.read(returned));
    }
  }
  for (rt::SliceOp slice : variables)
    leavings.variables[slice.getName().str()] = arena.read(slice);
  return leavings;
}

} // namespace autopar
