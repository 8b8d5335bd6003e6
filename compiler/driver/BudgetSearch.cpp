// See BudgetSearch.h.
#include "compiler/driver/BudgetSearch.h"

#include "compiler/driver/ByteSize.h"

#include <cmath>

using namespace mlir;

namespace autopar {

/// Shardings between the fastest and the first that needs no recomputation.
static constexpr int rungs = 4;
/// Shardings below that, which make up for what only the memory plan sees: workspaces and
/// buffers of collectives.
static constexpr int roundsBelow = 6;
/// Allowances tried for the activations of one sharding.
static constexpr int allowances = 4;
/// What is not worth another attempt, as a share of the budget.
static constexpr double slack = 0.005;
static constexpr int64_t unlimited = int64_t(1) << 60;
/// For a plan that holds little: copies of a resharded value are shared over few operations.
static constexpr int64_t nearby = 32;

/// Runs without a word: an attempt may fail.
template <typename Run> static auto quietly(MLIRContext *context, Run run) {
  ScopedDiagnosticHandler quiet(context, [](Diagnostic &) { return success(); });
  return run();
}

/// Whether the recomputation is within its allowance; otherwise it is the one that holds least.
static bool isMet(const remat::Result &recomputation) {
  return recomputation.status == remat::Status::Optimal ||
         recomputation.status == remat::Status::Feasible;
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
  int64_t whole = program->memory.arenaBytes;
  if (consider(*program, unlimited, 0))
    return std::move(*best); // nothing had to be given up
  squeeze(*fastest, unlimited, *program);

  // Down the ladder, to the first sharding whose values are within the budget.
  const auto usage = static_cast<double>(fastest->solved().peak);
  const double ratio = static_cast<double>(budget) / usage;
  PlanText previous = std::move(fastest->shardings.front().plan);
  bool isFeasible = true;
  for (int rung = 1; rung <= rungs && ratio < 1 && isFeasible; ++rung) {
    int64_t limit = std::llround(usage * std::pow(ratio, double(rung) / rungs));
    std::optional<ShardedStep> sharded = shard(step, limit);
    isFeasible = sharded.has_value();
    if (!sharded || sharded->shardings.front().plan == previous)
      continue;
    whole = tryOn(*sharded, limit);
    previous = std::move(sharded->shardings.front().plan);
  }
  // And on, to one whose whole program is; a limit above the fastest's usage is none.
  int64_t limit = std::min(budget, static_cast<int64_t>(fastest->solved().peak));
  int64_t tooSmall = 0;
  for (int round = 0; round < roundsBelow && isFeasible && whole > budget; ++round) {
    int64_t next = limit - (whole - budget);
    if (next <= tooSmall)
      next = tooSmall + (limit - tooSmall) / 2;
    if (next <= tooSmall)
      break;
    if (std::optional<ShardedStep> sharded = shard(step, next)) {
      limit = next;
      whole = tryOn(*sharded, limit);
    } else {
      tooSmall = next;
    }
  }
  if (!best)
    return refuse(step);
  return std::move(*best);
}

std::optional<ShardedStep> BudgetSearch::shard(ModuleOp step, int64_t limit) {
  FailureOr<ShardedStep> sharded =
      quietly(step.getContext(), [&] { return road.shard(step, limit); });
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
  const bool isLeast = wishes.activations > 0 && !isMet(program->recomputation);
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
  const int64_t resident = residentBytes(kept.memory);

  // The allowance whose program just fits; the solver does not see all that the plan does.
  int64_t fits = 0, tooMuch = unlimited, activations = budget - resident, before = 0;
  const int64_t little = std::llround(slack * static_cast<double>(budget));
  for (int round = 0; round < allowances; ++round) {
    activations = std::max<int64_t>(activations, 1);
    program = lower(sharded, {.activations = activations,
                              .shareWithin = nearby,
                              .timeLimit = options.timeLimit,
                              .workspaces = &workspaces});
    if (!program)
      return;
    remat::Result &solved = program->recomputation;
    // Where the allowance is met by nothing, this is the least there is: it may fit after all,
    // and a refusal names it.
    bool isLeast = !isMet(solved);
    const int64_t arena = program->memory.arenaBytes;
    int64_t spare = budget - arena;
    if (isLeast && spare >= 0)
      solved.status = remat::Status::Feasible;
    bool wasFree = solved.extraCost == 0;
    (spare < 0 ? tooMuch : fits) = activations;
    consider(*program, limit, activations);
    if (wasFree || (spare < 0 && isLeast) || (spare >= 0 && spare < little) ||
        tooMuch - fits < little)
      return;
    // A step as small as what is missing may lead to the same program again.
    const bool isStuck = arena == before;
    before = arena;
    activations += spare;
    if (activations <= fits || activations >= tooMuch || (isStuck && tooMuch < unlimited))
      activations = fits + (tooMuch - fits) / 2;
  }
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
