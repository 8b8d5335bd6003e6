// Adds up predicted seconds over a partitioned function. See Prediction.h.
#include "passes/schedule/Prediction.h"

#include "compiler/solvers/schedule/Timeline.h"
#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "passes/Passes.h"
#include "passes/schedule/StepProblem.h"
#include "passes/sharding/Strategies.h"

using namespace mlir;

namespace autopar {

static double bytesOf(TypeRange types) {
  double bytes = 0;
  for (Type type : types)
    bytes += double(cast<ShapedType>(type).getNumElements()) * elementBytes(type);
  return bytes;
}

std::optional<PredictedOp> predict(Operation *op, const CostModel &costs) {
  PredictedOp predicted;
  predicted.name = nameOf(op);
  predicted.kind = op->getName().stripDialect().str();
  if (auto collective = dyn_cast<dist::CollectiveOpInterface>(op)) {
    const std::optional<CollectiveKind> kind = collective.getCollectiveKind();
    const ArrayRef<int32_t> axes = collective.getAxes();
    predicted.movesData = true;
    predicted.communicates = kind.has_value();
    predicted.bytes = std::max(bytesOf(op->getOperandTypes()), bytesOf(op->getResultTypes()));
    for (int32_t axis : axes)
      predicted.axes += costs.mesh().names[axis];
    predicted.seconds =
        kind ? costs.collectiveSeconds(*kind, predicted.bytes, Axes(axes.begin(), axes.end()))
             : costs.opSeconds(0, 2 * bytesOf(op->getResultTypes()), Precision::F32);
    return predicted;
  }
  auto work = dyn_cast<graph::WorkOpInterface>(op);
  if (!work)
    return std::nullopt;
  predicted.bytes = bytesOf(op->getOperandTypes()) + bytesOf(op->getResultTypes());
  predicted.traffic = predicted.bytes * work.getPasses();
  predicted.flops = work.getFlops();
  predicted.seconds = opSeconds(op, costs, predicted.bytes, /*ways=*/1);
  return predicted;
}

Prediction predict(func::FuncOp function, const CostModel &costs, bool twoStreams) {
  StepProblem step(function, costs);
  const schedule::Timeline timeline =
      schedule::simulate(step.problem, schedule::givenOrder(step.problem), twoStreams);
  Prediction prediction;
  for (auto [index, op] : llvm::enumerate(step.operations())) {
    std::optional<PredictedOp> predicted = predict(op, costs);
    if (!predicted)
      continue;
    predicted->begin = secondsOf(timeline.begin[index]);
    (predicted->movesData ? prediction.communicationSeconds : prediction.computeSeconds) +=
        predicted->seconds;
    prediction.ops.push_back(std::move(*predicted));
  }
  prediction.hiddenSeconds = secondsOf(timeline.hidden());
  return prediction;
}

Prediction predictStep(ModuleOp module, const CostModel &costs, bool twoStreams) {
  auto of = [&](StringRef name) {
    return predict(findProgram(module, name), costs, twoStreams);
  };
  Prediction step = of(stepFunctionName);
  if (!findProgram(module, updateFunctionName))
    return step;
  const auto times = static_cast<double>(
      module->getAttrOfType<IntegerAttr>(graph::microBatchesAttrName).getInt());
  for (PredictedOp &op : step.ops) {
    op.seconds *= times;
    op.begin *= times;
  }
  Prediction last = of(updateFunctionName);
  for (PredictedOp &op : last.ops)
    op.begin += times * step.seconds();
  llvm::append_range(step.ops, last.ops);
  step.computeSeconds = times * step.computeSeconds + last.computeSeconds;
  step.communicationSeconds = times * step.communicationSeconds + last.communicationSeconds;
  step.hiddenSeconds = times * step.hiddenSeconds + last.hiddenSeconds;
  return step;
}

} // namespace autopar
