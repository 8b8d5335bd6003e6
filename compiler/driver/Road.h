// The way from a training step to a planned program, in two stretches: the sharding, which is
// asked for once, and everything after it, which depends on how much memory it may take.
#ifndef AUTOPAR_COMPILER_DRIVER_ROAD_H
#define AUTOPAR_COMPILER_DRIVER_ROAD_H

#include "compiler/cost/CostModel.h"
#include "compiler/driver/Compile.h"
#include "passes/remat/Rematerialize.h"

#include <map>

namespace autopar {

/// A training step with a sharding for every value.
struct ShardedStep {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<FunctionSharding> shardings;
  std::string printed;

  /// The step's own sharding; @evaluate has another.
  const ilp::SolveResult &solved() const { return shardings.front().result; }

  ShardedStep clone() const {
    return {llvm::cast<mlir::ModuleOp>(mlir::ModuleOp(*module)->clone()), shardings, printed};
  }
};

/// How a sharded step is made a program.
struct LoweringWishes {
  static constexpr int64_t anywhere = std::numeric_limits<int64_t>::max();

  /// Bytes for what does not stay in memory throughout; 0: no recomputation.
  int64_t activations = 0;
  /// Readers of a resharded value share it where they are within so many operations.
  int64_t shareWithin = anywhere;
  /// Bytes that the order may take to have communication beside computation, beyond what it
  /// holds anyway; none: the order is left as it is.
  std::optional<int64_t> spare = 0;
  /// Seconds for the recomputation solver.
  double timeLimit = 10;
  /// What calls need to work in, as far as it is known.
  const CallWorkspaces *workspaces = nullptr;
  /// What other allowances for the same program have taught.
  const remat::Known *known = nullptr;
};

/// What recomputation has been found to cost on one program, whichever the budgets were.
struct RecomputationKnown : remat::Known {
  /// Whether a memory plan came to fewer bytes than were counted for its schedule: bounds are then
  /// for more than what a plan holds, and prove nothing of it.
  bool overcounts = false;
};

class Road {
public:
  /// Both must outlive the road.
  Road(const CompileOptions &options, const CostModel &costs)
      : options(options), costs(costs) {}

  /// model -> training-step, in place.
  llvm::LogicalResult differentiate(mlir::ModuleOp model);
  /// training-step -> plan. `limit` is in bytes a rank. Where no sharding fits it, fails, and
  /// `shardings` of the result's report say the least that one needs. An answer is kept:
  /// another budget on the same road begins with the same sharding.
  mlir::FailureOr<ShardedStep> shard(mlir::ModuleOp step, int64_t limit,
                                     std::vector<FunctionSharding> *report = nullptr);
  /// plan -> memory-plan. Where the activations fit in no schedule, it is the one of least peak.
  mlir::FailureOr<PlannedProgram> lower(const ShardedStep &sharded,
                                        const LoweringWishes &wishes);

  /// Of the sharding within `limit`, whose readers share resharded values within `shareWithin`
  /// operations. Lowering adds nothing by itself.
  RecomputationKnown &recomputationOf(int64_t limit, int64_t shareWithin) {
    return recomputations[{limit, shareWithin}];
  }

  /// The program after CompileOptions::printAfter, of whichever attempt came there last.
  const std::string &printedLast() const { return printed; }

private:
  llvm::LogicalResult runPhase(mlir::ModuleOp module, llvm::StringRef step,
                               llvm::function_ref<void(mlir::OpPassManager &)> build,
                               std::string *copy = nullptr);

  const CompileOptions &options;
  const CostModel &costs;
  std::string printed;
  std::map<int64_t, ShardedStep> known; ///< By limit.
  std::map<std::pair<int64_t, int64_t>, RecomputationKnown> recomputations;
};

} // namespace autopar

#endif
