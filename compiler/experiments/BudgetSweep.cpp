// See BudgetSweep.h.
#include "compiler/experiments/BudgetSweep.h"

#include "compiler/driver/ByteSize.h"
#include "compiler/experiments/Progress.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <chrono>
#include <cmath>

using namespace mlir;

namespace autopar {

/// A plan under a tight budget asks solvers about so many times: on one rank for the allowance
/// that just fits, on several for that of several shardings.
static constexpr double solvesAlone = 3, solvesOnMesh = 20;
/// What a solver needs to say anything at all.
static constexpr double leastSeconds = 0.1;
/// More room than any step wants; a budget of one byte gives none.
static constexpr int64_t unlimited = int64_t(1) << 60, nothing = 1;

double SweepRow::recomputedShare() const {
  double all = 0, again = 0;
  for (const PredictedOp &op : plan->program.prediction.ops) {
    all += op.flops;
    // `rematerialize` names what it runs again so; a second copy is `.again_1`.
    if (llvm::StringRef(op.name).contains(".again"))
      again += op.flops;
  }
  return all > 0 ? again / all : 0;
}

double SweepRow::recomputationGap() const {
  const remat::Result &solved = plan->program.recomputation;
  if (solved.sequence.empty())
    return 0;
  // The bound is of sums of rounded nanoseconds.
  const double gap = double(solved.extraCost) - solved.extraCostBound.value_or(0);
  return secondsOf(std::max(0.0, gap)) / seconds();
}

double SweepRow::shardingGap() const {
  const std::vector<FunctionSharding> &shardings = plan->program.shardings;
  return shardings.empty() ? 0 : shardings.front().result.gap;
}

std::vector<const SweepRow *> Sweep::rowsOverBudget() const {
  std::vector<const SweepRow *> over;
  for (const SweepRow &row : rows)
    if ((row.plan && row.peak() > row.budget) ||
        (row.measured && row.measured->processBytes > row.budget + row.plan->reserve))
      over.push_back(&row);
  return over;
}

Sweep::Order Sweep::measuredOrder() const {
  Order order;
  for (const SweepRow &slow : rows)
    for (const SweepRow &quick : rows)
      if (slow.measured && quick.measured && slow.seconds() >= (1 + apart) * quick.seconds()) {
        ++order.pairs;
        order.kept += slow.measured->medianSeconds() > quick.measured->medianSeconds();
      }
  return order;
}

bool Sweep::isMonotone() const {
  const SweepRow *before = nullptr;
  for (const SweepRow &row : rows) {
    if (before && row.plan && row.seconds() > before->seconds())
      return false;
    if (row.plan)
      before = &row;
  }
  return true;
}

namespace {

class Sweeper {
public:
  Sweeper(Compiler &compiler, const SweepOptions &options)
      : compiler(compiler), options(options), progress("planning", options.budgets.count + 2),
        start(Clock::now()) {}

  FailureOr<Sweep> run() {
    sweep.activationsApart = options.activationsApart;
    if (failed(planEnds()))
      return failure();
    std::vector<int64_t> budgets = options.budgets.bytes;
    if (budgets.empty())
      budgets = evenly(sweep.leastFeasible, sweep.wholePeak, options.budgets.count);
    else if (options.activationsApart)
      for (int64_t &budget : budgets)
        budget += sweep.resident;
    // From the largest down: easy ones leave their time to the tight ones.
    for (size_t left = budgets.size(); left > 0; --left)
      if (failed(planRow(budgets[left - 1], static_cast<int>(left))))
        return failure();
    std::reverse(sweep.rows.begin(), sweep.rows.end());
    shareBetterPlans();
    return std::move(sweep);
  }

private:
  using Clock = std::chrono::steady_clock;

  double secondsLeft() const {
    return options.seconds - std::chrono::duration<double>(Clock::now() - start).count();
  }

  /// With all memory there is, and with none.
  LogicalResult planEnds() {
    progress.begin("without a budget");
    compiler.setBudget(unlimited);
    compiler.setTimeLimit(std::max(leastSeconds, secondsLeft() / 3));
    FailureOr<Compilation> whole = compiler.plan();
    if (failed(whole))
      return failure();
    sweep.mesh = whole->mesh.str();
    sweep.device = whole->device;
    sweep.resident = residentBytes(whole->program.memory);
    sweep.wholePeak = whole->program.memory.arenaBytes;
    sweep.wholeSeconds = whole->program.prediction.seconds();
    progress.advance();

    progress.begin("the least feasible");
    compiler.setBudget(nothing);
    shareTime(options.budgets.count + 1);
    MemoryReport least;
    if (succeeded(compiler.plan(&least)) || least.arenaBytes == 0)
      return failure(); // one byte is no arena; what else went wrong has been said
    sweep.leastFeasible = least.arenaBytes;
    progress.advance();
    return success();
  }

  /// Gives the next plan's solvers their part of the time, `plans` being still to find.
  void shareTime(int plans) {
    double solves = sweep.mesh == "1" ? solvesAlone : solvesOnMesh;
    compiler.setTimeLimit(std::max(leastSeconds, secondsLeft() / plans / solves));
  }

  LogicalResult planRow(int64_t budget, int left) {
    progress.begin(formatByteSize(double(budget)));
    Clock::time_point begin = Clock::now();
    SweepRow row;
    row.budget = budget;
    shareTime(left);
    compiler.setBudget(budget);
    MemoryReport least;
    FailureOr<Compilation> plan = compiler.plan(&least);
    if (succeeded(plan))
      row.plan = std::make_shared<Compilation>(std::move(*plan));
    else if (least.arenaBytes == 0)
      return failure();
    if (least.arenaBytes > 0)
      sweep.leastFeasible = std::min(sweep.leastFeasible, least.arenaBytes);
    row.planSeconds = std::chrono::duration<double>(Clock::now() - begin).count();
    sweep.rows.push_back(std::move(row));
    progress.advance();
    return success();
  }

  /// A plan fits every budget that is larger than its arena, whichever it was made for. Of
  /// equally fast ones all rows have the same, that of the smallest budget.
  void shareBetterPlans() {
    std::vector<SweepRow> rows = sweep.rows;
    for (SweepRow &row : rows) {
      const SweepRow *best = nullptr;
      for (const SweepRow &other : sweep.rows)
        if (other.plan && other.peak() <= row.budget &&
            (!best || other.seconds() < best->seconds()))
          best = &other;
      if (best)
        row.plan = best->plan;
    }
    sweep.rows = std::move(rows);
  }

  Compiler &compiler;
  const SweepOptions &options;
  Progress progress;
  Clock::time_point start;
  Sweep sweep;
};

} // namespace

FailureOr<Sweep> sweepBudgets(Compiler &compiler, const SweepOptions &options) {
  return Sweeper(compiler, options).run();
}

llvm::Error measureSweep(Sweep &sweep, const CompileOptions &options, llvm::StringRef model,
                         llvm::StringRef folder, const RunOptions &run) {
  // Rows that share a plan share its run.
  std::vector<const Compilation *> plans;
  std::vector<Trial> trials;
  for (const SweepRow &row : sweep.rows)
    if (row.plan && !llvm::is_contained(plans, row.plan.get())) {
      llvm::SmallString<128> place(folder);
      llvm::sys::path::append(place, llvm::formatv("budget-{0}", row.budget).str());
      plans.push_back(row.plan.get());
      trials.push_back({row.plan.get(), place.str().str()});
    }
  llvm::Expected<std::vector<Measurement>> measured =
      measureTrials(trials, options, model, run);
  if (!measured)
    return measured.takeError();
  for (SweepRow &row : sweep.rows)
    if (row.plan)
      row.measured = (*measured)[llvm::find(plans, row.plan.get()) - plans.begin()];
  return llvm::Error::success();
}

} // namespace autopar
