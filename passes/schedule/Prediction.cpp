// Adds up predicted seconds over a partitioned function. See Prediction.h.
#include "passes/schedule/Prediction.h"

#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "compiler/solvers/schedule/Timeline.h"
#include "passes/Passes.h"
#include "passes/schedule/StepProblem.h"
#include "passes/sharding/Strategies.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace autopar {

static double bytesOf(TypeRange types) {
  double bytes = 0;
  for (Type type : types)
    bytes += double(cast<ShapedType>(type).getNumElements()) * elementBytes(type);
  return bytes;
}

namespace {
struct Movement {
  std::optional<CollectiveKind> collective; ///< None for a local slice.
  ArrayRef<int32_t> axes;
};
} // namespace

static std::optional<Movement> movementOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<Movement>>(op)
      .Case([](dist::AllReduceOp op) {
        return Movement{CollectiveKind::AllReduce, op.getAxes()};
      })
      .Case([](dist::AllGatherOp op) {
        return Movement{CollectiveKind::AllGather, op.getAxes()};
      })
      .Case([](dist::ReduceScatterOp op) {
        return Movement{CollectiveKind::ReduceScatter, op.getAxes()};
      })
      .Case([](dist::AllToAllOp op) {
        return Movement{CollectiveKind::AllToAll, op.getAxes()};
      })
      .Case([](dist::SliceOp op) { return Movement{std::nullopt, op.getAxes()}; })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<PredictedOp> predict(Operation *op, const CostModel &costs) {
  PredictedOp predicted;
  predicted.name = nameOf(op);
  predicted.kind = op->getName().stripDialect().str();
  if (std::optional<Movement> movement = movementOf(op)) {
    predicted.movesData = true;
    predicted.communicates = movement->collective.has_value();
    predicted.bytes = std::max(bytesOf(op->getOperandTypes()), bytesOf(op->getResultTypes()));
    for (int32_t axis : movement->axes)
      predicted.axes += costs.mesh().names[axis];
    predicted.seconds =
        movement->collective
            ? costs.collectiveSeconds(*movement->collective, predicted.bytes,
                                      Axes(movement->axes.begin(), movement->axes.end()))
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
  prediction.hiddenSeconds = static_cast<double>(timeline.hidden()) / units;
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
