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
using rt::CallOp;

CallOp callOf(Value value, StringRef callee) {
  auto call = value.getDefiningOp<CallOp>();
  return call && call.getCallee() == callee ? call : CallOp();
}

/// The call whose result is relu(batch norm) of its first operand, with nothing added before
/// the relu; else null. Its operands: x, statistics, gamma, beta.
CallOp normOf(Value value) {
  CallOp apply = callOf(value, "BatchNormApply");
  return apply && flag(apply, "relu") && apply.getInputs().size() == 4 ? apply : CallOp();
}

/// A call that takes over `convolution` and what stands around it.
struct Fused {
  StringRef callee;
  CallOp convolution;
  SmallVector<Value> inputs;
  SmallVector<Type> results;
  Location loc;
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
  const bool isOfInput = grad.getCallee() == "BatchNormGradInput";
  OperandRange in = grad.getInputs();
  if (in.size() != (isOfInput ? 6 : 4))
    return;
  CallOp norm = normOf(in.back());
  if (!norm || norm.getInputs().take_front(2) != in.take_front(2))
    return;
  SmallVector<Value> inputs(norm.getInputs());
  llvm::append_range(inputs, in.drop_front(isOfInput ? 3 : 2).drop_back());
  hoistVariables(inputs, grad);
  OpBuilder builder(grad);
  StringRef callee = isOfInput ? "BatchNormReluGradInput" : "BatchNormReluGradSums";
  auto call = CallOp::create(builder, grad.getLoc(), grad.getResultTypes(),
                             builder.getStringAttr(callee), grad.getConfig(), inputs,
                             ValueRange(), Value(), grad.getWorkspaceAttr());
  grad.replaceAllUsesWith(call);
  grad.erase();
}

//===- behind a residual's sum ------------------------------------------------------------===//

/// The gradient of relu(residual + batch norm) is a sum that has the relu to pass; the batch
/// norm's sums are made of it while it is at hand.
void fuseAddedGrad(CallOp sums) {
  if (sums.getInputs().size() != 3)
    return;
  const Value x = sums.getInputs()[0], stats = sums.getInputs()[1];
  CallOp grad = callOf(sums.getInputs()[2], "ReluGrad");
  CallOp added = grad ? callOf(grad.getInputs()[0], "Add") : CallOp();
  if (!added || !added->hasOneUse() || !isThereBefore(x, grad) || !isThereBefore(stats, grad))
    return;
  const SmallVector<Value> inputs = {x, stats, added.getInputs()[0], added.getInputs()[1],
                                     grad.getInputs()[1]};
  const SmallVector<Type> results = {grad.getResult(0).getType(), sums.getResult(0).getType()};
  OpBuilder builder(grad);
  auto call = CallOp::create(builder, locOfResults({grad.getLoc(), sums.getLoc()}),
                             TypeRange(results),
                             builder.getStringAttr("BatchNormAddReluGradSums"),
                             sums.getConfig(), inputs, ValueRange(), Value(),
                             sums.getWorkspaceAttr());
  grad.getResult(0).replaceAllUsesWith(call.getResult(0));
  sums.getResult(0).replaceAllUsesWith(call.getResult(1));
  for (CallOp old : {sums, grad, added})
    old.erase();
}

//===- behind a convolution ---------------------------------------------------------------===//

/// The sums of what a convolution makes, while it is at hand.
void fuseStats(CallOp stats) {
  CallOp convolution = callOf(stats.getInputs()[0], "Conv2dForward");
  if (!convolution)
    return;
  Fused fused{"Conv2dStats",
              convolution,
              SmallVector<Value>(convolution.getInputs()),
              {convolution.getResult(0).getType(), stats.getResult(0).getType()},
              locOfResults({convolution.getLoc(), stats.getLoc()})};
  if (!fused.isThere())
    return;
  stats.getResult(0).replaceAllUsesWith(fused.make().getResult(1));
  stats.erase();
  convolution.erase();
}

/// The gradient of relu(batch norm) begins in the convolution behind it: the mask, and the sums.
void fuseGradSums(CallOp sums) {
  Value dz = sums.getInputs().back();
  const SmallVector<Value> norm(sums.getInputs().drop_back()); // x, statistics, gamma, beta
  CallOp convolution = callOf(dz, "Conv2dInputGrad");
  if (!convolution)
    return;
  hoistVariables(norm, convolution);
  if (!llvm::all_of(norm, [&](Value value) { return isThereBefore(value, convolution); }))
    return; // Some of it is computed again, just before it is read.
  SmallVector<CallOp> others; // They may find it masked.
  for (Operation *user : dz.getUsers()) {
    auto call = dyn_cast<CallOp>(user);
    if (call == sums)
      continue;
    if (!call || call.getCallee() != "BatchNormReluGradInput" ||
        call.getInputs().back() != dz || call.getInputs().take_front(4) != ValueRange(norm))
      return;
    others.push_back(call);
  }
  Fused fused{"NormConv2dInputGrad",
              convolution,
              SmallVector<Value>(convolution.getInputs()),
              {dz.getType(), sums.getResult(0).getType()},
              locOfResults({convolution.getLoc(), sums.getLoc()})};
  llvm::append_range(fused.inputs, norm);
  fused.configure(sums);
  if (!fused.isThere())
    return;
  sums.getResult(0).replaceAllUsesWith(fused.make().getResult(1));
  sums.erase();
  convolution.erase();
  for (CallOp grad : others) {
    grad.setCallee("BatchNormGradInput");
    grad.getInputsMutable().erase(3); // beta, which only the mask is seen from
  }
}

//===- in front of a convolution ----------------------------------------------------------===//

/// What becomes of a convolution that reads relu(batch norm) as its image.
std::optional<Fused> fusedReader(CallOp norm, OpOperand &use) {
  auto reader = dyn_cast<CallOp>(use.getOwner());
  if (!reader || use.getOperandNumber() != 0)
    return std::nullopt;
  Fused fused{"NormConv2dStats", reader, SmallVector<Value>(norm.getInputs()),
              SmallVector<Type>(reader.getResultTypes()), reader.getLoc()};
  if (reader.getCallee() == "Conv2dWeightGrad")
    fused.callee = "NormConv2dWeightGrad";
  else if (reader.getCallee() != "Conv2dStats")
    return std::nullopt;
  fused.inputs.push_back(reader.getInputs()[1]);
  fused.configure(norm);
  return fused;
}

/// Convolutions normalize what they read, where all readers can: then it is never in memory.
void fuseNorm(CallOp norm) {
  SmallVector<Fused> readers;
  for (OpOperand &use : norm.getResult(0).getUses()) {
    std::optional<Fused> fused = fusedReader(norm, use);
    if (!fused || !fused->isThere())
      return;
    readers.push_back(std::move(*fused));
  }
  for (Fused &fused : readers) {
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
