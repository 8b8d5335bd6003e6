// The pass fuse-norms: what batch norm reads or writes around convolutions goes into them, or is
// not read at all, and the gradient behind a residual is added up in its sums. See
// runtime/cuda/FusedConv2d.h and BatchNorm.h for what the calls do.
#include "dialects/graph/Names.h"
#include "passes/Passes.h"
#include "passes/lowering/cuda/Fusion.h"
#include "passes/lowering/cuda/Workspace.h"
#include "passes/memory/Lowered.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_FUSENORMS
#include "passes/Passes.h.inc"

namespace {

using namespace cuda_lowering;
using rt::CallOp, rt::Inputs;

CallOp callOf(Value value, StringRef callee) {
  auto call = value.getDefiningOp<CallOp>();
  return call && call.getCallee() == callee ? call : CallOp();
}

/// What a batch norm is made of, and its relu's gradient is seen from.
const StringRef ofNorm[] = {"x", "stats", "gamma", "beta"};

bool readSame(CallOp a, CallOp b, ArrayRef<StringRef> names) {
  return llvm::all_of(names,
                      [&](StringRef name) { return a.getInput(name) == b.getInput(name); });
}

/// The call whose result is relu(batch norm of x), with nothing added before the relu; else
/// null.
CallOp normOf(Value value) {
  CallOp apply = callOf(value, "BatchNormApply");
  return apply && flag(apply, "relu") && !apply.getInput("residual") ? apply : CallOp();
}

/// A call that takes over `convolution` and what stands around it.
struct Taker {
  StringRef callee;
  CallOp convolution;
  Inputs named;
  SmallVector<Type> results;
  Location loc;
  SmallVector<Value> inputs = inOrder(named, callee);
  DictionaryAttr config = convolution.getConfig();
  int64_t workspace = 0;

  /// Takes over what the batch norm's call is configured to do as well.
  void configure(CallOp norm) {
    NamedAttrList fields(config);
    for (StringRef field : {"count", "epsilon"})
      fields.set(field, norm.getConfig().get(field));
    config = fields.getDictionary(config.getContext());
  }

  /// Whether cuDNN has it, on the GPU that is planned for.
  bool isThere() {
    llvm::Expected<int64_t> bytes =
        workspaceBytes(convolution, callee, config, TypeRange(ValueRange(inputs)));
    if (bytes)
      workspace = *bytes;
    else
      llvm::consumeError(bytes.takeError());
    return workspace > 0;
  }

  /// Puts it where the convolution stands, whose result is its first.
  CallOp make() {
    hoistVariables(inputs, convolution);
    OpBuilder builder(convolution);
    auto call = CallOp::create(builder, loc, TypeRange(results), builder.getStringAttr(callee),
                               config, inputs, ValueRange(), Value(),
                               builder.getI64IntegerAttr(workspace));
    convolution.getResult(0).replaceAllUsesWith(call.getResult(0));
    return call;
  }
};

//===- the relu's mask --------------------------------------------------------------------===//

/// The gradient of a batch norm that reads its relu's output too, only to see where that is 0:
/// x tells as much.
void readNoMask(CallOp grad) {
  const Value mask = grad.getInput("mask");
  CallOp norm = mask ? normOf(mask) : CallOp();
  if (!norm || !readSame(norm, grad, {"x", "stats"}))
    return;
  const bool isOfInput = grad.getCallee() == "BatchNormGradInput";
  const StringRef callee = isOfInput ? "BatchNormReluGradInput" : "BatchNormReluGradSums";
  Inputs named = {{"dy", grad.getInput("dy")}};
  named.addFrom(norm, ofNorm);
  if (isOfInput)
    named.addFrom(grad, {"sums"});
  const SmallVector<Value> inputs = inOrder(named, callee);
  hoistVariables(inputs, grad);
  OpBuilder builder(grad);
  auto call = CallOp::create(builder, grad.getLoc(), grad.getResultTypes(),
                             builder.getStringAttr(callee), grad.getConfig(), inputs,
                             ValueRange(), Value(), grad.getWorkspaceAttr());
  grad.replaceAllUsesWith(call);
  grad.erase();
}

//===- behind a residual's sum ------------------------------------------------------------===//

/// The gradient of relu(residual + batch norm): a sum that has the relu to pass.
struct AddedGrad {
  CallOp added;
  CallOp passed; ///< Where the relu's gradient is a call; null where readers mask the sum.
  Value mask;    ///< the relu's output
};

/// Whether the call reads `grad` as the gradient of a batch norm's output, under this mask.
bool masks(CallOp call, Value grad, Value mask) {
  return llvm::is_contained({"BatchNormGradSums", "BatchNormGradInput"}, call.getCallee()) &&
         call.getInput("mask") == mask && call.getInput("dy") == grad &&
         llvm::count(call.getInputs(), grad) == 1;
}

std::optional<AddedGrad> addedGrad(CallOp sums) {
  const Value dy = sums.getInput("dy"), mask = sums.getInput("mask");
  if (!mask) {
    CallOp passed = callOf(dy, "ReluGrad");
    CallOp added = passed ? callOf(passed.getInput("dy"), "Add") : CallOp();
    if (!added || !added->hasOneUse())
      return std::nullopt;
    return AddedGrad{added, passed, passed.getInput("y")};
  }
  CallOp added = callOf(dy, "Add");
  if (!added || !llvm::all_of(added->getUsers(), [&](Operation *user) {
        auto reader = dyn_cast<CallOp>(user);
        return reader && masks(reader, dy, mask);
      }))
    return std::nullopt;
  return AddedGrad{added, CallOp(), mask};
}

/// The batch norm's sums are made of it while it is added up, and it is kept as it has passed.
void fuseAddedGrad(CallOp sums) {
  std::optional<AddedGrad> grad = addedGrad(sums);
  if (!grad)
    return;
  CallOp place = grad->passed ? grad->passed : grad->added;
  const Value x = sums.getInput("x"), stats = sums.getInput("stats");
  for (Value value : {x, stats, grad->mask})
    if (!isThereBefore(value, place))
      return; // Some of it is computed again, just before it is read.
  const StringRef callee = "BatchNormAddReluGradSums";
  const Inputs named = {{"x", x},
                        {"stats", stats},
                        {"a", grad->added.getInput("a")},
                        {"b", grad->added.getInput("b")},
                        {"y", grad->mask}};
  const SmallVector<Type> results = {place.getResult(0).getType(),
                                     sums.getResult(0).getType()};
  OpBuilder builder(place);
  auto call = CallOp::create(builder, locOfResults({place.getLoc(), sums.getLoc()}),
                             TypeRange(results), builder.getStringAttr(callee),
                             sums.getConfig(), inOrder(named, callee), ValueRange(), Value(),
                             sums.getWorkspaceAttr());
  sums.getOutput("sums").replaceAllUsesWith(call.getOutput("sums"));
  sums.erase();
  if (!grad->passed)
    for (Operation *user : llvm::to_vector(grad->added->getUsers())) {
      auto reader = cast<CallOp>(user);
      reader.getInputsMutable().erase(*reader.findInput("mask")); // It finds it masked.
    }
  place.getResult(0).replaceAllUsesWith(call.getOutput("dz"));
  place.erase();
  if (grad->passed)
    grad->added.erase();
}

//===- behind a convolution ---------------------------------------------------------------===//

/// The sums of what a convolution makes, while it is at hand.
void fuseStats(CallOp stats) {
  CallOp convolution = callOf(stats.getInput("x"), "Conv2dForward");
  if (!convolution)
    return;
  Taker fused{"Conv2dStats",
              convolution,
              Inputs().addFrom(convolution, {"x", "w"}),
              {convolution.getResult(0).getType(), stats.getResult(0).getType()},
              locOfResults({convolution.getLoc(), stats.getLoc()})};
  if (!fused.isThere())
    return;
  stats.getOutput("stats").replaceAllUsesWith(fused.make().getOutput("stats"));
  stats.erase();
  convolution.erase();
}

/// The gradient of relu(batch norm) begins in the convolution behind it: the mask, and the sums.
void fuseGradSums(CallOp sums) {
  Value dz = sums.getInput("dy");
  CallOp convolution = callOf(dz, "Conv2dInputGrad");
  if (!convolution)
    return;
  const auto norm = llvm::map_to_vector(ofNorm, [&](auto name) { return sums.getInput(name); });
  hoistVariables(norm, convolution);
  if (!llvm::all_of(norm, [&](Value value) { return isThereBefore(value, convolution); }))
    return; // Some of it is computed again, just before it is read.
  SmallVector<CallOp> others; // They may find it masked.
  for (Operation *user : dz.getUsers()) {
    auto call = dyn_cast<CallOp>(user);
    if (call == sums)
      continue;
    if (!call || call.getCallee() != "BatchNormReluGradInput" || call.getInput("dy") != dz ||
        !readSame(call, sums, ofNorm))
      return;
    others.push_back(call);
  }
  Taker fused{"NormConv2dInputGrad",
              convolution,
              Inputs().addFrom(convolution, {"dy", "w"}).addFrom(sums, ofNorm),
              {dz.getType(), sums.getResult(0).getType()},
              locOfResults({convolution.getLoc(), sums.getLoc()})};
  fused.configure(sums);
  if (!fused.isThere())
    return;
  sums.getOutput("sums").replaceAllUsesWith(fused.make().getOutput("sums"));
  sums.erase();
  convolution.erase();
  for (CallOp grad : others) {
    grad.getInputsMutable().erase(*grad.findInput("beta")); // which only tells the mask
    grad.setCallee("BatchNormGradInput");
  }
}

//===- in front of a convolution ----------------------------------------------------------===//

/// What becomes of a convolution that reads relu(batch norm) as its image.
std::optional<Taker> fusedReader(CallOp norm, OpOperand &use) {
  auto reader = dyn_cast<CallOp>(use.getOwner());
  if (!reader || !llvm::is_contained({"Conv2dStats", "Conv2dWeightGrad"}, reader.getCallee()) ||
      use.getOperandNumber() != reader.findInput("x"))
    return std::nullopt;
  const bool ofWeights = reader.getCallee() == "Conv2dWeightGrad";
  Taker fused{ofWeights ? "NormConv2dWeightGrad" : "NormConv2dStats", reader,
              Inputs().addFrom(norm, ofNorm).addFrom(reader, {ofWeights ? "dy" : "w"}),
              SmallVector<Type>(reader.getResultTypes()), reader.getLoc()};
  fused.configure(norm);
  return fused;
}

/// Convolutions normalize what they read, where all readers can: then it is never in memory.
void fuseNorm(CallOp norm) {
  SmallVector<Taker> readers;
  for (OpOperand &use : norm.getResult(0).getUses()) {
    std::optional<Taker> fused = fusedReader(norm, use);
    if (!fused || !fused->isThere())
      return;
    readers.push_back(std::move(*fused));
  }
  for (Taker &fused : readers) {
    fused.convolution.replaceAllUsesWith(fused.make());
    fused.convolution.erase();
  }
  norm.erase();
}

struct FuseNorms : impl::FuseNormsBase<FuseNorms> {
  using FuseNormsBase::FuseNormsBase;

  void runOnOperation() override {
    if (failed(memory::verifyLowered(getOperation())))
      return signalPassFailure();
    if (llvm::Error error = planForGpu(gpu)) {
      getOperation().emitError(llvm::toString(std::move(error)));
      signalPassFailure();
      return;
    }
    for (StringRef callee : {"BatchNormGradSums", "BatchNormGradInput"})
      forEachCall(callee, readNoMask);
    forEachCall("BatchNormGradSums", fuseAddedGrad);
    forEachCall("BatchNormStats", fuseStats);
    forEachCall("BatchNormReluGradSums", fuseGradSums);
    forEachCall("BatchNormApply", [](CallOp apply) {
      if (CallOp norm = normOf(apply.getResult(0)))
        fuseNorm(norm);
    });
  }

private:
  void forEachCall(StringRef callee, function_ref<void(CallOp)> fuse) {
    SmallVector<CallOp> calls;
    getOperation().walk([&](CallOp call) {
      if (call.getCallee() == callee)
        calls.push_back(call);
    });
    llvm::for_each(calls, fuse);
  }
};

} // namespace
} // namespace autopar
