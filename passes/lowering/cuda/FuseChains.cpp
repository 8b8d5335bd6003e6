// The pass fuse-chains: calls that work element by element, each on what the one before makes,
// become one call. Calls of a chain are first moved beside each other, then made one.
#include "dialects/graph/Graph.h"
#include "dialects/rt/Chain.h"
#include "passes/Passes.h"
#include "passes/lowering/cuda/Fusion.h"
#include "passes/memory/Copies.h"
#include "passes/memory/Lowered.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_FUSECHAINS
#include "passes/Passes.h.inc"

namespace {

using namespace cuda_lowering;
using memory::behindViews;
using rt::CallOp, rt::StepAttr;

/// Calls that stand one behind the other; all but the last make what only later ones read.
using Chain = SmallVector<CallOp>;

/// Inputs that `call`, which works so, reads element by element.
unsigned elementsRead(CallOp call) { return *call.getCalleeEntry().elements; }

/// Whether the call can be a step. What is assigned is left to merge-updates.
bool canBeStep(CallOp call) {
  return call.getCalleeEntry().elements && rt::isChainElement(call.getResult(0).getType()) &&
         llvm::all_of(call.getInputs().take_front(elementsRead(call)),
                      [](Value input) { return rt::isChainElement(input.getType()); }) &&
         llvm::none_of(call->getUsers(), llvm::IsaPred<graph::AssignOp>);
}

/// Whether the value behind views is read through this one alone.
bool isReadOnce(Value value) {
  auto view = value.getDefiningOp<rt::ViewOp>();
  return value.hasOneUse() && (!view || isReadOnce(view.getSource()));
}

/// Whether something outside of the chain needs the value, or a view of it, at `op` or later.
bool isNeededFrom(Operation *op, Value value, const Chain &chain) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    if (auto view = dyn_cast<rt::ViewOp>(user))
      return isNeededFrom(op, view.getResult(), chain);
    return !user->isBeforeInBlock(op) && !llvm::is_contained(chain, user);
  });
}

/// What variables are assigned, by their names.
using NextValues = llvm::StringMap<SmallVector<graph::AssignOp, 1>>;

/// Whether the variable's storage takes its new value before `op`: to read the old one there
/// would be to copy it.
bool isUpdatedBefore(graph::VariableOp variable, Operation *op, const NextValues &next) {
  return llvm::any_of(next.lookup(variable.getName()), [&](graph::AssignOp assign) {
    return isThereBefore(behindViews(assign.getValue()), op);
  });
}

int64_t bytesMade(CallOp call) { return rt::bytesOf(call.getResult(0).getType()); }

/// Whether the chain can be made at `reader`, holding no more until then than what it makes.
bool canWaitFor(CallOp reader, Chain &chain, const NextValues &next) {
  SetVector<Value> read;
  for (CallOp call : chain)
    for (Value input : call.getInputs())
      read.insert(behindViews(input));
  int64_t held = 0;
  for (Value value : read) {
    if (auto variable = value.getDefiningOp<graph::VariableOp>()) {
      if (isUpdatedBefore(variable, reader, next))
        return false;
    } else if (!llvm::is_contained(chain, value.getDefiningOp()) &&
               !isNeededFrom(reader, value, chain)) {
      held += rt::bytesOf(value.getType());
    }
  }
  return held <= bytesMade(chain.back());
}

/// Whether `reader` can be made right behind `call`, and what it makes held instead.
bool canStandBehind(CallOp call, CallOp reader) {
  SmallVector<Value> others;
  for (Value input : reader.getInputs())
    if (behindViews(input) != call.getResult(0))
      others.push_back(input);
  hoistVariables(others, call);
  return bytesMade(reader) <= bytesMade(call) &&
         llvm::all_of(others, [&](Value other) { return isThereBefore(other, call); });
}

/// Lets `reader` read what is behind views, and erases those.
void skipViews(OpOperand &input) {
  Value value = input.get();
  input.set(behindViews(value));
  while (auto view = value.getDefiningOp<rt::ViewOp>()) {
    value = view.getSource();
    view.erase();
  }
}

/// The chains of a function, by their last calls.
class Chains {
public:
  explicit Chains(func::FuncOp function) {
    for (auto assign : function.getOps<graph::AssignOp>())
      next[assign.getName()].push_back(assign);
    for (CallOp call : llvm::to_vector(function.getOps<CallOp>()))
      if (canBeStep(call))
        add(call);
  }

  void forEach(llvm::function_ref<void(Chain &)> visit) {
    for (auto &[last, chain] : byLast)
      if (chain.size() > 1)
        visit(chain);
  }

private:
  void add(CallOp call) {
    Chain whole;
    for (OpOperand &input : call.getInputsMutable().slice(0, elementsRead(call))) {
      auto made = byLast.find(behindViews(input.get()).getDefiningOp());
      if (made == byLast.end() || !isReadOnce(input.get()))
        continue;
      Chain &chain = made->second;
      if (canWaitFor(call, chain, next))
        for (CallOp earlier : chain)
          earlier->moveBefore(call);
      else if (whole.empty() && canStandBehind(chain.back(), call))
        call->moveAfter(chain.back());
      else
        continue;
      skipViews(input);
      llvm::append_range(whole, chain);
      byLast.erase(made);
    }
    whole.push_back(call);
    byLast.insert({call, whole});
  }

  NextValues next;
  llvm::MapVector<Operation *, Chain> byLast;
};

/// The steps of a chain, and its inputs: what they do not make themselves.
class Steps {
public:
  explicit Steps(Chain &chain) {
    for (CallOp call : chain)
      collectInputs(call);
    for (CallOp call : chain)
      addStep(call);
  }

  ArrayRef<Value> getInputs() const { return inputs.getArrayRef(); }
  ArrayRef<Attribute> getSteps() const { return steps; }

private:
  void collectInputs(CallOp call) {
    for (Value input : call.getInputs())
      if (!numbers.contains(input))
        inputs.insert(input);
    numbers.insert({call.getResult(0), numbers.size()});
  }

  void addStep(CallOp call) {
    SmallVector<int64_t> reads;
    for (Value input : call.getInputs()) {
      auto made = numbers.find(input);
      reads.push_back(made == numbers.end()
                          ? std::distance(inputs.begin(), llvm::find(inputs, input))
                          : inputs.size() + made->second);
    }
    steps.push_back(
        StepAttr::get(call->getContext(), call.getCalleeAttr(), call.getConfigAttr(), reads));
  }

  SetVector<Value> inputs;
  DenseMap<Value, int64_t> numbers; ///< of what the steps make
  SmallVector<Attribute> steps;
};

void fuse(Chain &chain) {
  const Steps steps(chain);
  CallOp last = chain.back();
  OpBuilder builder(last);
  const int64_t count = rt::elementsOf(last.getConfig());
  auto config = builder.getDictionaryAttr(
      {builder.getNamedAttr("count", builder.getI64IntegerAttr(count)),
       builder.getNamedAttr("steps", builder.getArrayAttr(steps.getSteps()))});
  auto fused = CallOp::create(builder, last.getLoc(), last->getResultTypes(),
                              builder.getStringAttr("Chain"), config, steps.getInputs(),
                              ValueRange(), Value(), IntegerAttr());
  last.getResult(0).replaceAllUsesWith(fused.getResult(0));
  for (CallOp call : llvm::reverse(chain))
    call.erase();
}

struct FuseChains : impl::FuseChainsBase<FuseChains> {
  void runOnOperation() override {
    if (failed(memory::verifyLowered(getOperation())))
      return signalPassFailure();
    for (func::FuncOp function : programsOf(getOperation()))
      Chains(function).forEach(fuse);
  }
};

} // namespace
} // namespace autopar
