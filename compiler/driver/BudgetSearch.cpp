// See BudgetSearch.h.
#include "compiler/driver/BudgetSearch.h"

#include "compiler/driver/ByteSize.h"
#include "compiler/driver/Ladder.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;

namespace autopar {

/// Rungs from a limit to half of it: of those on shardings, and of those on what recomputation
/// leaves for activations. The first are gone down in strides until one needs no recomputation.
static constexpr int shardingRungs = 64, shardingStride = 16, allowanceRungs = 256;
/// Allowances tried for the activations of one sharding, at the most.
static constexpr int allowances = 8;
/// Solves' limits that a search may take in all, once there is a program that fits.
static constexpr double searchLimits = 6;
/// What is not worth another order of collectives, as a share of the budget.
static constexpr double slack = 0.005;
static constexpr int64_t unlimited = int64_t(1) << 60;
/// For a plan that holds little: copies of a resharded value are shared over few operations.
static constexpr int64_t nearby = 32;

/// Runs without a word: an attempt may fail.
template <typename Run> static auto quietly(MLIRContext *context, Run run) {
  ScopedDiagnosticHandler quiet(context, [](Diagnostic &) { return success(); });
  return run();
}

/// Bytes that stay from a step's start to its end, whatever it does: variables, which are
/// computed anew in their own place, and the next batch's.
static int64_t standingBytes(const MemoryReport &memory) {
  int64_t bytes = memory.nextInputs;
  for (const auto &[kind, size] : memory.byKind)
    if (kind < rt::BufferKind::Input)
      bytes += size;
  return bytes;
}

static CallWorkspaces workspacesOf(ModuleOp planned) {
  CallWorkspaces workspaces;
  planned.walk([&](rt::CallOp call) {
    if (call.getScratch())
      workspaces[nameOf(call)] = rt::bytesOf(call.getScratch().getType());
  });
  return workspaces;
}

FailureOr<PlannedProgram> BudgetSearch::run(ModuleOp step) {
  FailureOr<ShardedStep> fastest = road.shard(step, unlimited);
  if (failed(fastest))
    return failure();
  FailureOr<PlannedProgram> program = schedule(*fastest, {});
  if (failed(program))
    return failure();
  if (consider(*program, unlimited, 0))
    return std::move(*best); // nothing had to be given up
  squeeze(*fastest, unlimited, *program);
  descend(step, *fastest);
  if (!best)
    return refuse(step);
  return std::move(*best);
}

bool BudgetSearch::isOver() const {
  return best && processSeconds() - begin > searchLimits * options.timeLimit;
}

void BudgetSearch::descend(ModuleOp step, const ShardedStep &fastest) {
  const Ladder ladder(static_cast<int64_t>(fastest.solved().peak), shardingRungs);
  PlanText previous = fastest.shardings.front().plan;
  // Whether the sharding within `limit` is a program that fits as it is; none where there is no
  // such sharding.
  auto fitsAsItIs = [&](int64_t limit) -> std::optional<bool> {
    std::optional<ShardedStep> sharded = shard(step, limit);
    if (!sharded)
      return std::nullopt;
    if (sharded->shardings.front().plan == previous)
      return false;
    previous = sharded->shardings.front().plan;
    return tryOn(*sharded, limit) <= budget;
  };
  int rung = 0;
  std::optional<bool> fits = false;
  while (fits == false && ladder.bytes(rung + shardingStride) > 0 && !isOver())
    fits = fitsAsItIs(ladder.bytes(rung += shardingStride));
  if (!fits) { // the last that there is
    if (leastUsage > 0 && leastUsage < ladder.bytes(rung - shardingStride))
      fitsAsItIs(leastUsage);
    return;
  }
  // The highest rung that fits lies in the last stride.
  int low = rung, high = rung - shardingStride;
  while (low - high > 1 && !isOver()) {
    const int middle = (low + high) / 2;
    (fitsAsItIs(ladder.bytes(middle)) == true ? low : high) = middle;
  }
}

std::optional<ShardedStep> BudgetSearch::shard(ModuleOp step, int64_t limit) {
  std::vector<FunctionSharding> report;
  FailureOr<ShardedStep> sharded =
      quietly(step.getContext(), [&] { return road.shard(step, limit, &report); });
  if (failed(sharded) && !report.empty() && report.back().result.leastUsage)
    leastUsage = static_cast<int64_t>(report.back().result.leastUsage->bytes);
  return failed(sharded) ? std::nullopt : std::optional(std::move(*sharded));
}

FailureOr<PlannedProgram> BudgetSearch::schedule(const ShardedStep &sharded,
                                                 LoweringWishes wishes) {
  auto left = [&](const PlannedProgram &program) { return budget - program.memory.arenaBytes; };
  // Where memory is plentiful, an order that is fast; recomputation means that it is not.
  if (wishes.activations == 0) {
    wishes.spare = budget;
    FailureOr<PlannedProgram> program = road.lower(sharded, wishes);
    if (failed(program) || left(*program) >= 0 || program->prediction.hiddenSeconds == 0)
      return program;
  }
  wishes.spare = 0;
  FailureOr<PlannedProgram> program = road.lower(sharded, wishes);
  if (failed(program) || program->prediction.hiddenSeconds == 0)
    return program;
  // What is left of the budget lets collectives come earlier. A program that is too large may
  // fit in the order that it was given: that is tried where little is missing, and where no
  // smaller one can be asked for.
  const int64_t spare = left(*program);
  const auto little = static_cast<int64_t>(slack * static_cast<double>(budget));
  const bool isLeast = wishes.activations > 0 && !remat::fits(program->recomputation);
  if ((spare < -little && !isLeast) || (spare >= 0 && spare < little))
    return program;
  wishes.spare = spare >= 0 ? std::optional(spare) : std::nullopt;
  FailureOr<PlannedProgram> other = road.lower(sharded, wishes);
  const bool isBetter =
      succeeded(other) &&
      (spare < 0 ? left(*other) > spare
                 : left(*other) >= 0 &&
                       other->prediction.seconds() < program->prediction.seconds());
  return isBetter ? std::move(other) : std::move(program);
}

std::optional<PlannedProgram> BudgetSearch::lower(const ShardedStep &sharded,
                                                  const LoweringWishes &wishes) {
  ModuleOp module = sharded.module.get();
  FailureOr<PlannedProgram> program =
      quietly(module.getContext(), [&] { return schedule(sharded, wishes); });
  return failed(program) ? std::nullopt : std::optional(std::move(*program));
}

int64_t BudgetSearch::tryOn(const ShardedStep &sharded, int64_t limit) {
  std::optional<PlannedProgram> program = lower(sharded, {});
  if (!program)
    return 0;
  int64_t arena = program->memory.arenaBytes;
  if (!consider(*program, limit, 0) &&
      (!best || program->prediction.seconds() < best->prediction.seconds()))
    squeeze(sharded, limit, *program);
  return arena;
}

void BudgetSearch::squeeze(const ShardedStep &sharded, int64_t limit,
                           const PlannedProgram &whole) {
  std::optional<PlannedProgram> program;
  if (whole.prediction.communicationSeconds > 0) {
    program = lower(sharded, {.shareWithin = nearby});
    if (!program || consider(*program, limit, 0))
      return;
  }
  const PlannedProgram &kept = program ? *program : whole;
  const CallWorkspaces workspaces = workspacesOf(kept.module.get());
  const int64_t standing = standingBytes(kept.memory);
  // All that is counted is rounded up; only the arena's last bytes are not.
  const int64_t alignment = rt::alignmentOf(kept.module.get());
  const int64_t target = static_cast<int64_t>(llvm::alignTo(budget, alignment)) - standing;
  const int64_t certain = budget / alignment * alignment - standing;
  const Ladder ladder(kept.memory.arenaBytes, allowanceRungs);
  const double seconds = kept.prediction.seconds();
  const bool isHidden = kept.prediction.hiddenSeconds > 0;
  RecomputationKnown &known = road.recomputationOf(limit, nearby);
  const size_t before = attempts.size();

  // At first all that the budget leaves, which tells what any plan within it must cost. Where that
  // does not fit or is not proven to be the best: the allowance whose program just fits, between a
  // rung that does not and the next, which does.
  int misses = 0, fits = std::numeric_limits<int>::max(), rung = ladder.above(budget);
  int64_t allowance = target;
  bool isRung = false;
  for (int round = 0; round < allowances && !isOver(); ++round) {
    const int64_t activations = std::max<int64_t>(1, allowance);
    std::optional<PlannedProgram> attempt = lower(sharded, {.activations = activations,
                                                            .shareWithin = nearby,
                                                            .timeLimit = options.timeLimit,
                                                            .workspaces = &workspaces,
                                                            .known = &known});
    if (!attempt)
      break;
    remat::Result &solved = attempt->recomputation;
    const int64_t arena = attempt->memory.arenaBytes;
    learn(known, activations, solved, attempt->memory.largestLiveSet - standing);
    // Where the allowance is met by nothing, this is the least there is: it may fit after all,
    // and a refusal names it.
    const bool isLeast = !remat::fits(solved), isFree = solved.extraCost == 0;
    if (isLeast && arena <= budget)
      solved.status = remat::Status::Feasible;
    const bool isBest = solved.status == remat::Status::Optimal && activations >= certain;
    const bool isFit = consider(*attempt, limit, activations);
    if (isFit && isLeast) // what any smaller allowance would lead to as well
      fits = std::min(fits, ladder.above(solved.peak + standing) + 1);
    else if (isFit && (isRung || known.overcounts))
      fits = std::min(fits, std::max(rung, 1));
    else
      misses = std::max(misses, rung);
    if (fits - misses <= 1 || (!isFit && isLeast) ||
        (isFit && (isFree || (isBest && !known.overcounts))))
      break;
    // Nothing on this sharding can be faster than what is there.
    const double bound = known.boundFor(target);
    if (best && !isHidden && !known.overcounts &&
        seconds + secondsOf(bound) >= best->prediction.seconds())
      break;
    if (round == 0 && !isFit && arena - budget < alignment && certain < target) {
      allowance = certain;
      continue;
    }
    // A rung as far off as the arena is; where that leads out, in the middle.
    rung = isFit && fits < std::numeric_limits<int>::max()
               ? fits - std::max(1, ladder.between(budget, arena))
               : misses + std::max(1, ladder.between(arena, budget));
    if (rung <= misses || rung >= fits)
      rung = misses + (fits - misses) / 2;
    allowance = ladder.bytes(rung) - standing;
    isRung = true;
  }
  if (llvm::any_of(llvm::drop_begin(attempts, before),
                   [](const Attempt &attempt) { return attempt.isKept; }))
    judge(known, target);
}

void BudgetSearch::learn(RecomputationKnown &known, int64_t activations,
                         const remat::Result &solved, int64_t planned) {
  if (!llvm::is_contained(known.schedules, solved.sequence))
    known.schedules.push_back(solved.sequence);
  double &bound = known.bounds[activations];
  bound = std::max(bound, solved.status == remat::Status::Infeasible
                              ? std::numeric_limits<double>::infinity()
                              : solved.extraCostBound.value_or(0));
  known.overcounts |= planned < solved.peak;
}

/// What is said of the best program is said of the budget, not of the allowance that led to it.
void BudgetSearch::judge(const RecomputationKnown &known, int64_t target) {
  remat::Result &solved = best->recomputation;
  const double bound = known.boundFor(target), cost = double(solved.extraCost);
  const double little =
      remat::SolveOptions().gap * best->prediction.seconds() * nanosecondsPerSecond;
  // A bound that a plan refutes is none.
  if (known.overcounts || bound > cost + little)
    solved.extraCostBound = std::nullopt;
  else
    solved.extraCostBound = std::min(bound, cost);
  solved.status = solved.extraCostBound && cost <= bound + little ? remat::Status::Optimal
                                                                  : remat::Status::Feasible;
}

bool BudgetSearch::consider(PlannedProgram &program, int64_t limit, int64_t activations) {
  int64_t arena = program.memory.arenaBytes;
  attempts.push_back(
      {limit == unlimited ? 0 : limit, activations, arena, program.prediction.seconds()});
  if (!least || arena < least->arenaBytes)
    least = program.memory;
  if (arena > budget)
    return false;
  if (!best || program.prediction.seconds() < best->prediction.seconds()) {
    best = std::move(program);
    for (Attempt &attempt : attempts)
      attempt.isKept = &attempt == &attempts.back();
  }
  return true;
}

LogicalResult BudgetSearch::refuse(ModuleOp step) const {
  InFlightDiagnostic error = step.emitError("no plan fits ")
                             << formatByteSize(budget) << " a device";
  error << "; the least peak found is " << formatByteSize(least->arenaBytes);
  Diagnostic &note = error.attachNote();
  note << "largest at the peak:";
  for (const MemoryReport::Buffer &buffer : ArrayRef(least->buffers).take_front(5))
    note << " " << buffer.name << " (" << formatByteSize(buffer.bytes) << ")";
  return error;
}

} // namespace autopar
