// See VerifyMemory.h. Shares no code with the planner, and does not believe its live ranges:
// what counts is which slice's value each byte of the arena holds when a call reads it.
#include "passes/memory/VerifyMemory.h"

#include "dialects/graph/Graph.h"
#include "dialects/rt/NextInput.h"
#include "passes/Passes.h"

#include "llvm/ADT/MapVector.h"

#include <map>

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_VERIFYMEMORY
#include "passes/Passes.h.inc"

namespace {

struct Range {
  int64_t begin, end;
  bool overlaps(Range other) const { return begin < other.end && other.begin < end; }
  bool operator==(const Range &) const = default;
};

Range rangeOf(rt::SliceOp slice) {
  int64_t offset = slice.getOffset();
  return {offset, offset + slice.getBytes()};
}

/// The slice behind a value of memory and views of it.
rt::SliceOp sliceOf(Value memory) {
  while (auto view = memory.getDefiningOp<rt::ViewOp>())
    memory = view.getSource();
  return memory.getDefiningOp<rt::SliceOp>();
}

/// What the arena's bytes hold: for each, the slice whose value was last put there.
class Contents {
public:
  void write(rt::SliceOp slice) {
    Range range = rangeOf(slice);
    split(range.begin);
    split(range.end);
    runs.erase(runs.lower_bound(range.begin), runs.lower_bound(range.end));
    if (range.begin < range.end)
      runs[range.begin] = {range.end, slice};
  }

  /// The first run of `range` that holds anything but `slice`: its bytes, and the slice that
  /// they do hold, null where they hold nothing.
  std::optional<std::pair<Range, rt::SliceOp>> foreign(Range range, rt::SliceOp slice) {
    int64_t at = range.begin;
    while (at < range.end) {
      auto run = runs.upper_bound(at);
      int64_t next = run == runs.end() ? range.end : std::min(run->first, range.end);
      if (run == runs.begin() || std::prev(run)->second.end <= at)
        return {{{at, next}, rt::SliceOp()}};
      run = std::prev(run);
      if (run->second.slice != slice)
        return {{{at, std::min(run->second.end, range.end)}, run->second.slice}};
      at = run->second.end;
    }
    return std::nullopt;
  }

private:
  struct Run {
    int64_t end;
    rt::SliceOp slice;
  };

  void split(int64_t at) {
    auto run = runs.lower_bound(at);
    if (run == runs.begin())
      return;
    run = std::prev(run);
    if (run->second.end <= at)
      return;
    runs[at] = run->second;
    run->second.end = at;
  }

  std::map<int64_t, Run> runs; ///< By first byte; gaps hold nothing.
};

/// The module's variables: for each name the slice of its first appearance.
using Variables = llvm::MapVector<StringRef, rt::SliceOp>;

FailureOr<Variables> variablesOf(ModuleOp module) {
  Variables variables;
  for (func::FuncOp function : programsOf(module))
    for (rt::SliceOp slice : function.getOps<rt::SliceOp>()) {
      if (!slice.isVariable() || slice.getUpdates())
        continue;
      rt::SliceOp first = variables.insert({slice.getName(), slice}).first->second;
      if (rangeOf(first) != rangeOf(slice))
        return slice.emitOpError("is at ")
               << slice.getOffset() << "; another function has it at " << first.getOffset();
    }
  return variables;
}

/// One function on paper.
class PaperRun {
public:
  PaperRun(func::FuncOp function, const Variables &variables) : function(function) {
    for (auto [name, slice] : variables)
      holders[name] = slice;
    for (rt::SliceOp slice : function.getOps<rt::SliceOp>())
      if (slice.isVariable() && !slice.getUpdates())
        holders[slice.getName()] = slice;
  }

  LogicalResult run() {
    if (failed(start()))
      return failure();
    for (Operation &op : function.front()) {
      if (auto join = dyn_cast<rt::JoinOp>(op))
        end(join.getCollective());
      auto call = dyn_cast<rt::CallOp>(op);
      if (!call)
        continue;
      if (failed(verifyBesideRunning(call)) || failed(verifyReads(call)) ||
          failed(verifyOperandsApart(call)) || failed(write(call)))
        return failure();
      if (call.runsBeside())
        running.push_back(call);
    }
    return finish();
  }

private:
  /// Variables and inputs are there from the start, each in bytes of its own.
  LogicalResult start() {
    SmallVector<rt::SliceOp> present;
    for (auto [name, slice] : holders)
      present.push_back(slice);
    for (rt::SliceOp slice : function.getOps<rt::SliceOp>())
      if (slice.getKind() == rt::BufferKind::Input)
        present.push_back(slice);
    for (rt::SliceOp slice : present) {
      Range range = rangeOf(slice);
      auto taken = contents.foreign(range, rt::SliceOp());
      // Whatever is not empty from end to end belongs to another already.
      if (range.begin < range.end && (taken->second || taken->first != range))
        return slice.emitOpError("starts in bytes of another variable or input");
      contents.write(slice);
    }
    return success();
  }

  LogicalResult verifyHolds(Operation *reader, rt::SliceOp slice) {
    auto foreign = contents.foreign(rangeOf(slice), slice);
    if (!foreign)
      return success();
    auto [range, holder] = *foreign;
    auto error = reader->emitOpError("reads '")
                 << slice.getName() << "', of which bytes [" << range.begin << ", " << range.end
                 << ") hold ";
    if (!holder)
      return error << "nothing yet";
    return error << "'" << holder.getName() << "'";
  }

  /// Collectives end in the order in which they start.
  void end(rt::CallOp collective) {
    if (auto found = llvm::find(running, collective); found != running.end())
      running.erase(running.begin(), std::next(found));
  }

  /// What a call writes: its outputs and its scratch memory.
  static SmallVector<Value> writtenBy(rt::CallOp call) {
    SmallVector<Value> written(call.getOuts());
    if (call.getScratch())
      written.push_back(call.getScratch());
    return written;
  }

  /// Beside what still runs nothing may write what it uses, nor read what it writes. Collectives
  /// are in order among each other.
  LogicalResult verifyBesideRunning(rt::CallOp call) {
    if (call.runsBeside())
      return success();
    auto apart = [&](Value own, StringRef does, Value other, rt::CallOp collective,
                     StringRef doing) -> LogicalResult {
      rt::SliceOp mine = sliceOf(own), theirs = sliceOf(other);
      if (!rangeOf(mine).overlaps(rangeOf(theirs)))
        return success();
      return call.emitOpError() << does << " '" << mine.getName() << "' while "
                                << collective.getCallee() << " still " << doing << " '"
                                << theirs.getName() << "'; no rt.join stands before it";
    };
    for (rt::CallOp collective : running) {
      for (Value theirs : writtenBy(collective)) {
        for (Value mine : call.getInputs())
          if (failed(apart(mine, "reads", theirs, collective, "writes")))
            return failure();
        for (Value mine : writtenBy(call))
          if (failed(apart(mine, "writes", theirs, collective, "writes")))
            return failure();
      }
      for (Value theirs : collective.getInputs())
        for (Value mine : writtenBy(call))
          if (failed(apart(mine, "writes", theirs, collective, "reads")))
            return failure();
    }
    return success();
  }

  LogicalResult verifyReads(rt::CallOp call) {
    for (auto [index, input] : llvm::enumerate(call.getInputs()))
      if (failed(verifyHolds(call, sliceOf(input))))
        return failure();
    return success();
  }

  /// What a call writes may overlap what it reads or writes only where the runtime allows it.
  LogicalResult verifyOperandsApart(rt::CallOp call) {
    const rt::Callee &callee = call.getCalleeEntry();
    auto apart = [&](rt::SliceOp a, rt::SliceOp b) -> LogicalResult {
      if (!rangeOf(a).overlaps(rangeOf(b)))
        return success();
      return call.emitOpError("has '")
             << a.getName() << "' and '" << b.getName() << "' overlap, which " << callee.name
             << " does not allow";
    };
    auto mayOverwrite = [&](unsigned output, unsigned input) {
      return (callee.inPlace && output == input) || call.mayOverwrite(output, input);
    };
    for (auto [o, out] : llvm::enumerate(call.getOuts())) {
      rt::SliceOp output = sliceOf(out);
      for (auto [i, in] : llvm::enumerate(call.getInputs())) {
        rt::SliceOp input = sliceOf(in);
        if (callee.inPlace && o == i && rangeOf(output) != rangeOf(input))
          return call.emitOpError("has '") << output.getName() << "' elsewhere than '"
                                           << input.getName() << "', but works in place";
        if (rangeOf(output) == rangeOf(input) && mayOverwrite(o, i))
          continue;
        if (failed(apart(output, input)))
          return failure();
      }
      for (Value other : call.getOuts().take_front(o))
        if (failed(apart(output, sliceOf(other))))
          return failure();
    }
    if (!call.getScratch())
      return success();
    rt::SliceOp scratch = sliceOf(call.getScratch());
    for (ValueRange operands : {ValueRange(call.getInputs()), ValueRange(call.getOuts())})
      for (Value operand : operands)
        if (failed(apart(scratch, sliceOf(operand))))
          return failure();
    return success();
  }

  LogicalResult write(rt::CallOp call) {
    if (call.getScratch())
      contents.write(sliceOf(call.getScratch()));
    for (Value out : call.getOuts()) {
      rt::SliceOp slice = sliceOf(out);
      contents.write(slice);
      if (!slice.getUpdates())
        continue;
      auto holder = holders.find(*slice.getUpdates());
      if (holder == holders.end())
        return slice.emitOpError("updates ")
               << slice.getUpdatesAttr() << ", which is no variable of the module";
      if (rangeOf(holder->second) != rangeOf(slice))
        return slice.emitOpError("updates '")
               << holder->first << "' elsewhere than at " << holder->second.getOffset();
      holder->second = slice;
    }
    return success();
  }

  /// At the end, variables and results are where they are looked for.
  LogicalResult finish() {
    Operation *end = function.front().getTerminator();
    if (!running.empty())
      return end->emitOpError("leaves ") << running.back().getCallee() << " running, which writes '"
                                         << sliceOf(running.back().getOuts()[0]).getName()
                                         << "'; no rt.join stands before it";
    for (auto [name, slice] : holders)
      if (failed(verifyHolds(end, slice)))
        return failure();
    for (Value returned : end->getOperands())
      if (failed(verifyHolds(end, sliceOf(returned))))
        return failure();
    return success();
  }

  func::FuncOp function;
  Contents contents;
  /// Collectives beside computation, in the order of their stream.
  SmallVector<rt::CallOp> running;
  /// For each variable the slice that holds its value now.
  llvm::MapVector<StringRef, rt::SliceOp> holders;
};

struct VerifyMemory : impl::VerifyMemoryBase<VerifyMemory> {
  void runOnOperation() override {
    if (failed(memory::verifyMemory(getOperation())))
      signalPassFailure();
  }
};

/// A list of calls on slices of the arena and on views of them.
LogicalResult verifyForm(func::FuncOp function) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError("@") << function.getName() << " has no body of one block";
  for (Operation &op : function.front()) {
    if (!isa<rt::SliceOp, rt::ViewOp, rt::CallOp, rt::JoinOp, func::ReturnOp>(op))
      return op.emitOpError("is no call, view or slice of planned memory");
    for (Value operand : op.getOperands())
      if (!sliceOf(operand))
        return op.emitOpError("works on ") << operand.getType() << " that is no slice of the arena";
  }
  return success();
}

/// Whether a slice is that of the input whose next value waits in `next`.
bool isInputOf(rt::SliceOp slice, rt::SliceOp next) {
  return slice->getAttr(graph::inputAttrName) == next->getAttr(rt::nextAttrName) &&
         slice.getType() == next.getType();
}

/// A batch that waits for its step waits while anything runs, and nothing works on it.
LogicalResult verifyNextInputs(ModuleOp module) {
  SmallVector<rt::SliceOp> all, waiting;
  module.walk([&](rt::SliceOp slice) {
    all.push_back(slice);
    if (rt::isNextInput(slice))
      waiting.push_back(slice);
  });
  for (rt::SliceOp batch : waiting) {
    if (llvm::none_of(batch->getParentOfType<func::FuncOp>().getOps<rt::SliceOp>(),
                      [&](rt::SliceOp slice) { return isInputOf(slice, batch); }))
      return batch.emitOpError("is room for the next ")
             << batch->getAttr(rt::nextAttrName) << ", and there is no such input of "
             << batch.getType();
    if (!batch->use_empty())
      return batch.emitOpError("is worked on, and waits for the next step");
    for (rt::SliceOp other : all)
      if (other != batch && rangeOf(other).overlaps(rangeOf(batch)))
        return batch.emitOpError("shares bytes with '")
               << other.getName() << "', and waits for the next step";
  }
  return success();
}

} // namespace

LogicalResult memory::verifyMemory(ModuleOp module) {
  if (!module->hasAttr(rt::arenaAttrName))
    return module.emitError("has no memory plan; plan-memory gives the module its ")
           << rt::arenaAttrName;
  WalkResult onValues = module.walk([](Operation *op) {
    auto isValue = [](Type type) { return isa<TensorType>(type); };
    if (llvm::none_of(op->getOperandTypes(), isValue) &&
        llvm::none_of(op->getResultTypes(), isValue))
      return WalkResult::advance();
    op->emitOpError("works on values in a module whose memory is planned");
    return WalkResult::interrupt();
  });
  if (onValues.wasInterrupted())
    return failure();
  for (func::FuncOp function : module.getOps<func::FuncOp>())
    if (failed(verifyForm(function)))
      return failure();
  FailureOr<Variables> variables = variablesOf(module);
  if (failed(variables) || failed(verifyNextInputs(module)))
    return failure();
  for (func::FuncOp function : programsOf(module))
    if (failed(PaperRun(function, *variables).run()))
      return failure();
  return success();
}

} // namespace autopar
