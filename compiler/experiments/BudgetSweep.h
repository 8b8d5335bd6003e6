// One model under many budgets: how little memory its step can take, and what that costs.
//
//   budget     peak    activations   step        overhead
//   2.69 GiB   2.67    2.42 GiB      160.1 ms    72.8 %
//   …
//   10.31 GiB  10.31   10.05 GiB      92.7 ms     0.0 %
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_BUDGETSWEEP_H
#define AUTOPAR_COMPILER_EXPERIMENTS_BUDGETSWEEP_H

#include "compiler/experiments/Budgets.h"
#include "compiler/experiments/Measurement.h"

#include <memory>
#include <optional>

namespace autopar {

struct SweepOptions {
  Budgets budgets;
  /// Whether the budgets are for activations alone: what stays throughout (parameters, slots,
  /// running statistics, inputs) comes on top. It is what the step without a budget holds.
  bool activationsApart = false;
  /// For all plans together; the solvers share it out. A plan may overrun its share a little.
  double seconds = 45;
};

struct SweepRow {
  int64_t budget = 0; ///< Bytes for the arena of one rank, everything included.
  /// Null: nothing fits. A plan that a smaller budget found, and that is faster than what this
  /// one did, stands in both rows.
  std::shared_ptr<const Compilation> plan;
  std::optional<Measurement> measured;
  double planSeconds = 0; ///< What finding it took.

  int64_t peak() const { return plan->program.memory.arenaBytes; }
  int64_t activations() const { return peak() - residentBytes(plan->program.memory); }
  double seconds() const { return plan->program.prediction.seconds(); }
  /// FLOPs that run again, of those that run.
  double recomputedShare() const;
  /// How far the step may be above the least for its sharding and budget, as a share of it; all
  /// that recomputation costs where no bound is known.
  double recomputationGap() const;
  /// The sharding solver's, the step's.
  double shardingGap() const;
};

struct Sweep {
  std::string mesh, device;
  int64_t resident = 0;      ///< Bytes that stay throughout, without a budget.
  int64_t wholePeak = 0;     ///< The arena where nothing is recomputed.
  double wholeSeconds = 0;   ///< The step there.
  int64_t leastFeasible = 0; ///< The least arena found.
  bool activationsApart = false;
  std::vector<SweepRow> rows; ///< By budget, rising.

  double overhead(const SweepRow &row) const { return row.seconds() / wholeSeconds - 1; }
  /// Pairs of measured plans that predictions tell apart, by at least `apart` of the shorter
  /// step, and those of them that ran in the predicted order. What is closer is left out: runs
  /// of one program differ by as much.
  static constexpr double apart = 0.02;
  struct Order {
    int64_t pairs = 0, kept = 0;
  };
  Order measuredOrder() const;

  /// Arenas over their budget, and processes that were measured over it and the reserve; none,
  /// or the compiler is wrong.
  std::vector<const SweepRow *> rowsOverBudget() const;
  /// Whether a larger budget never makes the step longer.
  bool isMonotone() const;
};

/// Plans each budget. Fails after a diagnostic where the model cannot be compiled at all.
mlir::FailureOr<Sweep> sweepBudgets(Compiler &compiler, const SweepOptions &options);

/// Builds and runs each plan (once, where rows share it), in folders of their own in `folder`.
llvm::Error measureSweep(Sweep &sweep, const CompileOptions &options, llvm::StringRef model,
                         llvm::StringRef folder, const RunOptions &run);

} // namespace autopar

#endif
