// See GradientFactor.h.
#include "passes/autodiff/GradientFactor.h"

using namespace mlir;

namespace autopar::autodiff {

static constexpr StringLiteral scaleName = "loss_scale";
static constexpr StringLiteral goodStepsName = "loss_scale.good_steps";
static constexpr StringLiteral skippedStepsName = "loss_scale.skipped_steps";
/// Good steps after which a larger scale is tried: torch.cuda.amp.GradScaler's.
static constexpr int64_t growthInterval = 2000;

static Location at(OpBuilder &builder, const Twine &name) {
  return named(builder.getUnknownLoc(), name);
}

/// A number that stays from step to step.
static graph::VariableOp scalar(OpBuilder &builder, StringRef name, double start) {
  auto type = RankedTensorType::get({}, builder.getF32Type());
  return graph::VariableOp::create(builder, at(builder, name), type, graph::VariableKind::Slot,
                                   name,
                                   graph::ConstantInitAttr::get(builder.getContext(), start));
}

Value LossScale::read(OpBuilder &builder) const {
  return start > 0 ? Value(scalar(builder, scaleName, start)) : Value();
}

static Value squareSum(OpBuilder &builder, ValueRange gradients) {
  SmallVector<Value> squares;
  for (Value gradient : gradients)
    squares.push_back(graph::SquareSumOp::create(
        builder, named(gradient.getLoc(), nameOf(gradient) + ".squares"), gradient));
  return graph::AddScalarsOp::create(builder, at(builder, "gradients.squares"), squares);
}

static Value gradientFactor(OpBuilder &builder, ValueRange gradients, double largestNorm,
                            Value scale) {
  if (!largestNorm && !scale)
    return {};
  Value squares = squareSum(builder, gradients);
  if (!scale)
    return graph::ClipFactorOp::create(builder, at(builder, "gradients.clip"), squares,
                                       llvm::APFloat(largestNorm));
  auto goodSteps = scalar(builder, goodStepsName, 0);
  FloatAttr maximum = largestNorm ? builder.getF64FloatAttr(largestNorm) : FloatAttr();
  Value factor = graph::UnscaleFactorOp::create(builder, at(builder, "gradients.unscale"),
                                                scale.getType(), squares, scale, maximum);
  auto skippedSteps = scalar(builder, skippedStepsName, 0);
  auto next = graph::NextLossScaleOp::create(builder, at(builder, scaleName + ".new"), scale,
                                             goodSteps, skippedSteps, factor, growthInterval);
  for (auto [name, value] : {std::pair(scaleName, next.getNewScale()),
                             {goodStepsName, next.getNewGoodSteps()},
                             {skippedStepsName, next.getNewSkippedSteps()}})
    graph::AssignOp::create(builder, at(builder, name + ".new"), name, value);
  return factor;
}

/// The step's state, whose number is the count that is kept under `name`. `skipping`: the
/// factor that is 0 where a step is skipped; null where none is.
static Value countedSteps(OpBuilder &builder, StringRef name, Value skipping) {
  Value state = graph::StepStateOp::create(builder, at(builder, "state"));
  auto steps = scalar(builder, name, 0);
  auto counted =
      graph::StepsTakenOp::create(builder, at(builder, "steps_taken"), state, steps, skipping);
  graph::AssignOp::create(builder, at(builder, name + ".new"), name, counted.getNewSteps());
  return counted.getTaken();
}

graph::UpdateOperands emitUpdateOperands(OpBuilder &builder, ValueRange gradients,
                                         graph::OptimizerAttrInterface optimizer,
                                         Value learningRate, Value scale) {
  Value factor = gradientFactor(builder, gradients, optimizer.largestNorm(), scale);
  StringRef steps = optimizer.stepsName();
  Value state =
      steps.empty() ? Value() : countedSteps(builder, steps, scale ? factor : Value());
  return {learningRate, factor, state};
}

} // namespace autopar::autodiff
