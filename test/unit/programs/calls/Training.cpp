// Losses, updates and what all gradients decide together: see runtime/*/Loss.h, CrossEntropy.h,
// Sgd.h, AdamW.h and Norm.h.
#include "test/unit/programs/calls/Updates.h"

#include "test/unit/programs/Losses.h"

namespace autopar {

/// What a gradient is multiplied by: input `i`, where there is one.
static double factorAt(const GivenCall &call, unsigned i) {
  return call.numInputs() > i ? call.number(i) : 1;
}

//===- losses -----------------------------------------------------------------------------===//

static SoftmaxLoss softmaxLoss(const GivenCall &call) {
  return {call.integer("classes"), static_cast<double>(call.integer("count")),
          call.real("labelSmoothing")};
}
static Tensor logits(const GivenCall &call, llvm::StringRef rows) {
  return call.input(0, {call.integer(rows), call.integer("classes")});
}
static Tensor labels(const GivenCall &call, llvm::StringRef rows) {
  return call.input(1, {call.integer(rows)});
}
static Vocabulary vocabulary(const GivenCall &call) {
  return {call.integer("classes"), call.block("logits").begin.back(), call.integer("valid")};
}
static Tensor sums(const GivenCall &call, unsigned i) {
  return call.input(i, {call.integer("rows"), call.integer("blocks"), 3});
}

static void addLosses(CallKernels &kernels) {
  kernels["SoftmaxCrossEntropy"] = [](const GivenCall &call) -> Tensors {
    return {softmaxLoss(call).loss(logits(call, "batch"), labels(call, "batch"))};
  };
  kernels["SoftmaxCrossEntropyGrad"] = [](const GivenCall &call) -> Tensors {
    return {softmaxLoss(call).grad(logits(call, "batch"), labels(call, "batch"),
                                   factorAt(call, 2))};
  };
  kernels["CountKept"] = [](const GivenCall &call) -> Tensors {
    return {countKept(call.input(0, {call.integer("count")}))};
  };
  kernels["CountCorrect"] = [](const GivenCall &call) -> Tensors {
    return {
        countCorrect(logits(call, "batch"), labels(call, "batch"), call.integer("classes"))};
  };
  kernels["VocabularySums"] = [](const GivenCall &call) -> Tensors {
    return {vocabulary(call).sums(logits(call, "rows"), labels(call, "rows"),
                                  call.integer("blocks"))};
  };
  kernels["CrossEntropyOfSums"] = [](const GivenCall &call) -> Tensors {
    return {lossOfSums(sums(call, 0), labels(call, "rows"),
                       static_cast<double>(call.integer("count")))};
  };
  kernels["CrossEntropyOfSumsGrad"] = [](const GivenCall &call) -> Tensors {
    return {vocabulary(call).grad(logits(call, "rows"), labels(call, "rows"), sums(call, 2),
                                  static_cast<double>(call.integer("count")),
                                  factorAt(call, 3))};
  };
}

//===- updates ----------------------------------------------------------------------------===//

/// parameter, gradient, learning rate; velocity, state; factor. Its results tell whether there
/// is a velocity.
static Tensors updateBySgd(const GivenCall &call) {
  const int64_t count = call.integer("count");
  const bool keepsVelocity = call.numOutputs() == 2;
  const bool hasState = keepsVelocity && tellsFirstStep(call);
  const Tensor velocity = keepsVelocity ? call.input(3, {count}) : Tensor();
  return sgdOf(call, call.real("weightDecay"))
      .update(call.input(0, {count}), call.input(1, {count}), call.number(2),
              keepsVelocity ? &velocity : nullptr, hasState ? stepOf(call, 4) - 1 : 1,
              factorAt(call, 3 + keepsVelocity + hasState));
}
/// parameter, gradient, learning rate, state, two moments, factor
static Tensors updateByAdamW(const GivenCall &call) {
  const int64_t count = call.integer("count");
  return adamWOf(call, call.real("weightDecay"))
      .update(call.input(0, {count}), call.input(1, {count}), call.number(2), stepOf(call, 3),
              call.input(4, {count}), call.input(5, {count}), factorAt(call, 6));
}

static Tensors addScalars(const GivenCall &call) {
  double total = 0;
  for (unsigned i = 0; i < call.numInputs(); ++i)
    total += call.number(i);
  return {scalar(total)};
}

void addTrainingCalls(CallKernels &kernels) {
  addLosses(kernels);
  kernels["Sgd"] = updateBySgd;
  kernels["AdamW"] = updateByAdamW;
  kernels["SquareSum"] = [](const GivenCall &call) -> Tensors {
    return {squareSum(call.input(0, {call.integer("count")}))};
  };
  kernels["AddScalars"] = addScalars;
  kernels["ClipFactor"] = [](const GivenCall &call) -> Tensors {
    return {scalar(clipFactor(call.number(0), call.real("maximum")))};
  };
  kernels["UnscaleFactor"] = [](const GivenCall &call) -> Tensors {
    return {scalar(unscaleFactor(call.number(0), call.number(1), call.real("maximum")))};
  };
  kernels["NextLossScale"] = [](const GivenCall &call) -> Tensors {
    return nextLossScale(call.input(0, {}), call.input(1, {}), call.input(2, {}),
                         call.number(3), static_cast<double>(call.integer("interval")));
  };
  kernels["StepsTaken"] = [](const GivenCall &call) -> Tensors {
    return stepsTaken(call.input(0, {2}), call.input(1, {}), factorAt(call, 2));
  };
}

} // namespace autopar
