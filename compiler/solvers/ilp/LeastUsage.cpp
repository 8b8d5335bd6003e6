// First any solution, one that holds little for long; then again and again one
// that peaks lower, until there is none: by dual ascent on the peak, whose bound
// holds for any size, and by CBC where the program is small enough for it.

#include "compiler/solvers/ilp/LeastUsage.h"

#include "compiler/solvers/ilp/DualAscent.h"
#include "compiler/solvers/ilp/IntegerProgram.h"
#include "compiler/solvers/ilp/Presolve.h"
#include "compiler/solvers/ilp/Solver.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace autopar::ilp {

namespace {

class PeakSearch {
public:
  PeakSearch(const Problem &given, const LeastUsageOptions &options);

  std::optional<LeastUsage> run();

private:
  bool closed() const { return found && least.lowerBound >= least.bytes; }
  bool done() {
    return closed() || clock.expired() ||
           (found && options.enough && least.bytes <= *options.enough);
  }
  void offer(const Solution &solution);
  void raiseBound(Int128 bound) { least.lowerBound = std::max(least.lowerBound, bound); }

  void findAny();
  bool improve();
  void ascend(const Model &model);
  bool solveExactly(const Model &model);

  const LeastUsageOptions &options;
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  RunClock clock;
  Problem problem; // the given one with no costs but "never"
  LeastUsage least;
  bool found = false;
};

PeakSearch::PeakSearch(const Problem &given, const LeastUsageOptions &options)
    : options(options), clock(options.timeLimitSeconds, options.workLimit), problem(given) {
  for (Node &node : problem.nodes)
    for (Cost &cost : node.costs)
      cost = cost >= never ? never : 0;
  for (Edge &edge : problem.edges)
    for (Cost &cost : edge.costs)
      cost = cost >= never ? never : 0;
}

void PeakSearch::offer(const Solution &solution) {
  problem.usageLimit.reset();
  Evaluation evaluation = check(problem, solution);
  if (!evaluation.feasible || (found && evaluation.peak >= least.bytes))
    return;
  found = true;
  least.bytes = evaluation.peak;
  least.solution = solution;
}

/// The solution that holds least over all times together: cheap to find, since
/// nothing limits it, and a good start.
void PeakSearch::findAny() {
  Problem byVolume = problem;
  byVolume.usageLimit.reset();
  double largest = 1;
  auto volume = [&](const Use &use, size_t s) {
    return static_cast<double>(use.bytes[s]) * static_cast<double>(use.end - use.begin);
  };
  for (const Node &node : problem.nodes)
    for (const Use &use : node.uses)
      for (size_t s = 0; s < use.bytes.size(); ++s)
        largest = std::max(largest, volume(use, s));
  // Sums over all nodes must stay below a quarter of "never".
  double unit = std::max(1.0, largest * static_cast<double>(problem.nodes.size()) / 1e16);
  for (Node &node : byVolume.nodes)
    for (const Use &use : node.uses)
      for (size_t s = 0; s < use.bytes.size(); ++s)
        node.costs[s] = add(node.costs[s], static_cast<Cost>(volume(use, s) / unit));
  SolveOptions solving;
  solving.timeLimitSeconds = std::max(0.0, clock.secondsLeft()) / 4;
  solving.workLimit = clock.asWork(solving.timeLimitSeconds);
  solving.relativeGap = 0.05;
  solving.seed = options.seed;
  SolveResult result = solve(byVolume, solving);
  clock.spend(result.work);
  clock.pass(result.apartSeconds);
  if (!result.solution.empty())
    offer(result.solution);
}

void PeakSearch::ascend(const Model &model) {
  DualAscent dual(model, DualAscent::Aim::Peak);
  double mark = -std::numeric_limits<double>::infinity();
  Int128 best = least.bytes;
  for (int round = 1; !clock.expired(dual.work()); ++round) {
    dual.step();
    if (dual.decodedExcess() <= 0) {
      offer(model.expand(dual.decoded()));
      if (least.bytes < best)
        return; // with a lower limit presolve sees more
    }
    if (dual.bound() > 0)
      break; // nothing fits under the limit
    if (round % 200 == 0) {
      if (dual.bound() - mark < 1e-3 * std::abs(dual.bound()))
        break;
      mark = dual.bound();
    }
  }
  raiseBound(std::min(model.limit + 1, model.limit + dual.certifiedBound()));
}

/// True where the program was solved to its end.
bool PeakSearch::solveExactly(const Model &model) {
  ProgramOptions program;
  program.clock = &clock;
  program.seed = options.seed;
  std::vector<int> choice(model.variables.size(), 0);
  Int128 bound = 0;
  bool complete = true, exact = true;
  for (const std::vector<int> &part : connectedParts(model)) {
    ProgramResult outcome = solveForPeak(model, part, program);
    if (outcome.kind == ProgramResult::Infeasible) {
      raiseBound(model.limit + 1);
      return true;
    }
    complete &= outcome.kind != ProgramResult::Unknown;
    exact &= outcome.kind == ProgramResult::Optimal;
    // Where floating point stands in between, the bound is taken for a little less.
    bound = std::max(bound, static_cast<Int128>(outcome.bound * (1 - 1e-9) - 1));
    for (int v : part)
      choice[v] = outcome.choice[v];
  }
  raiseBound(std::min(model.limit + 1, bound));
  Int128 before = least.bytes;
  if (complete)
    offer(model.expand(choice));
  if (exact && least.bytes == before)
    raiseBound(least.bytes); // not even one byte less
  return exact;
}

/// Asks for one byte less than the best peak. False where no more can be learnt.
bool PeakSearch::improve() {
  Int128 before = least.bytes;
  problem.usageLimit = static_cast<Bytes>(least.bytes - 1);
  Model model(problem, true);
  PresolveStats ignored;
  if (!model.infeasible)
    Presolve(model, ignored).run(clock);
  if (model.infeasible) {
    raiseBound(least.bytes);
    return false;
  }
  ascend(model);
  if (least.bytes < before || done())
    return true;
  if (Formulation::countColumns(model, mostColumnsForCbc) > mostColumnsForCbc)
    return false;
  return solveExactly(model) || least.bytes < before;
}

std::optional<LeastUsage> PeakSearch::run() {
  findAny();
  while (found && !done() && least.bytes > 0 && improve())
    ;
  if (!found)
    return std::nullopt;
  least.proven = closed() || least.bytes == 0;
  std::chrono::duration<double> gone = std::chrono::steady_clock::now() - begin;
  least.seconds = gone.count();
  least.work = clock.spent();
  least.apartSeconds = clock.passed();
  return least;
}

} // namespace

std::optional<LeastUsage> leastUsage(const Problem &problem, const LeastUsageOptions &options) {
  return PeakSearch(problem, options).run();
}

} // namespace autopar::ilp
