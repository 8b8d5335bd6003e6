// The fastest program within a memory budget. A budget can be met by a sharding that holds less
// or by computing activations again; neither is best alone, so a ladder of shardings is tried,
// from the fastest down to the first that needs no recomputation, each with what it needs.
#ifndef AUTOPAR_COMPILER_DRIVER_BUDGETSEARCH_H
#define AUTOPAR_COMPILER_DRIVER_BUDGETSEARCH_H

#include "compiler/driver/Road.h"
#include "compiler/solvers/ProcessorClock.h"

#include <optional>

namespace autopar {

class BudgetSearch {
public:
  /// `budget` is in bytes, for the arena of one rank. All must outlive the search.
  BudgetSearch(Road &road, const CompileOptions &options, int64_t budget)
      : road(road), options(options), budget(budget) {}

  /// The fastest program found; fails, with a diagnostic that names the least peak found, where
  /// none fits.
  mlir::FailureOr<PlannedProgram> run(mlir::ModuleOp step);

  /// What was tried, in order.
  std::vector<Attempt> attempts;

  /// The smallest program so far, whether it fits or not.
  const std::optional<MemoryReport> &leastFound() const { return least; }

private:
  std::optional<ShardedStep> shard(mlir::ModuleOp step, int64_t limit);
  /// With communication beside computation as the budget allows.
  mlir::FailureOr<PlannedProgram> schedule(const ShardedStep &sharded, LoweringWishes wishes);
  std::optional<PlannedProgram> lower(const ShardedStep &sharded, const LoweringWishes &wishes);
  /// Whether what was found has to do: the search is for the better only, and has taken its time.
  bool isOver() const;
  /// Goes down the ladder of shardings that hold less than the fastest.
  void descend(mlir::ModuleOp step, const ShardedStep &fastest);
  /// Tries a sharding, with recomputation where it takes that. Returns the bytes of the arena
  /// without.
  int64_t tryOn(const ShardedStep &sharded, int64_t limit);
  /// The same for one that is known not to fit as `whole`.
  void squeeze(const ShardedStep &sharded, int64_t limit, const PlannedProgram &whole);
  /// Notes what a solve for an allowance has found, whose plan comes to hold `planned` bytes.
  static void learn(RecomputationKnown &known, int64_t activations,
                    const remat::Result &solved, int64_t planned);
  /// Says how far the best program, which recomputes, may be from the least for its sharding
  /// within the budget, of which `target` bytes are for activations.
  void judge(const RecomputationKnown &known, int64_t target);
  /// Notes a program; takes it over if it fits and is the fastest so far. Whether it fits.
  bool consider(PlannedProgram &program, int64_t limit, int64_t activations);
  mlir::LogicalResult refuse(mlir::ModuleOp step) const;

  Road &road;
  const CompileOptions &options;
  int64_t budget;
  double begin = processSeconds();
  std::optional<PlannedProgram> best;
  std::optional<MemoryReport> least; ///< Of all programs so far.
  int64_t leastUsage = 0; ///< Of a sharding, once a limit was too small for any.
};

} // namespace autopar

#endif
