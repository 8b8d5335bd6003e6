// How long a step of the SPMD program will take by the device model, operation by operation.
#ifndef AUTOPAR_PASSES_SCHEDULE_PREDICTION_H
#define AUTOPAR_PASSES_SCHEDULE_PREDICTION_H

#include "compiler/cost/CostModel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>
#include <string>
#include <vector>

namespace autopar {

/// One operation of a rank's step.
struct PredictedOp {
  std::string name, kind;
  /// Of a collective or slice: the axes and the bytes of the larger side.
  std::string axes;
  double bytes = 0;
  double flops = 0;
  /// Bytes of all operands and results, each pass over them counted: what the time is made of.
  double traffic = 0;
  double seconds = 0;
  double begin = 0; ///< Seconds after the function's begin.
  bool movesData = false;
  bool communicates = false; ///< A collective, which may run beside computation.
};

struct Prediction {
  std::vector<PredictedOp> ops;
  /// Moves of data are communication, local ones too.
  double computeSeconds = 0, communicationSeconds = 0;
  /// Of the communication, what goes on beside computation.
  double hiddenSeconds = 0;

  double seconds() const { return computeSeconds + communicationSeconds - hiddenSeconds; }
};

/// An operation of the program after partition; none for what takes no time (a variable).
std::optional<PredictedOp> predict(mlir::Operation *op, const CostModel &costs);

/// `function` is a function of the program after partition (and bucketing), in the order in
/// which it will run; collectives on a stream of their own, or one after the other with the
/// rest.
Prediction predict(mlir::func::FuncOp function, const CostModel &costs, bool twoStreams);

/// One step of training of such a program: with micro-batches all of them, each operation's
/// seconds in all, and the update.
Prediction predictStep(mlir::ModuleOp module, const CostModel &costs, bool twoStreams);

} // namespace autopar

#endif
