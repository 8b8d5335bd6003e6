// Three solves, tightest limit first because its solution fits the others, and
// the relaxation's prices: by the linear program where it is small, otherwise by
// dual ascent.

#include "compiler/solvers/ilp/MemoryPrice.h"

#include "compiler/solvers/ilp/Cbc.h"
#include "compiler/solvers/ilp/DualAscent.h"
#include "compiler/solvers/ilp/IntegerProgram.h"
#include "compiler/solvers/ilp/Presolve.h"
#include "compiler/solvers/Apart.h"

#include <algorithm>
#include <limits>

namespace autopar::ilp {

static Int128 atLeastZero(Int128 value) { return std::max<Int128>(value, 0); }

Int128 MemoryPrice::leastSaved() const { return atLeastZero(here.lowerBound - more.cost); }
Int128 MemoryPrice::mostSaved() const { return atLeastZero(here.cost - more.lowerBound); }
Int128 MemoryPrice::leastLost() const { return atLeastZero(less.lowerBound - here.cost); }
Int128 MemoryPrice::mostLost() const { return atLeastZero(less.cost - here.lowerBound); }

static MemoryPoint solveAt(Problem &problem, Bytes limit, SolveOptions &options) {
  problem.usageLimit = limit;
  SolveResult result = solve(problem, options);
  if (!result.solution.empty())
    options.warmStart = result.solution; // it fits the larger limits too
  return {limit,       result.status,
          result.cost, result.lowerBound,
          result.peak, std::move(result.solution)};
}

/// The linear program's prices, added up; in a child process, as Clp may crash: nothing then.
static std::optional<double> priceByProgram(const Model &model, RunClock &clock) {
  std::optional<double> price;
  auto solve = [&](const Apart::Tell &tell) {
    RunClock own = clock.rest();
    double sum = 0;
    for (const std::vector<int> &part : connectedParts(model)) {
      Formulation formulation(model, part, Formulation::Objective::Cost);
      Relaxation relaxation(formulation);
      Relaxation::Kind kind = relaxation.solve(own);
      if (kind == Relaxation::Infeasible)
        sum = std::numeric_limits<double>::infinity();
      else if (kind == Relaxation::Solved)
        sum += formulation.priceOfMemory(relaxation.duals());
    }
    tell(Message().put(sum));
  };
  const double limit = clock.secondsLeft();
  const Apart::End end = Apart{.work = solve,
                               .hear = [&](Message &sum) { price = sum.take<double>(); },
                               .mayGoOn = [&](double used) {
                                 return clock.countsWork() || used < 0.5 + 1.1 * limit;
                               }}
                             .run();
  clock.pass(end.seconds);
  return price;
}

/// The prices of memory that make the relaxation's bound best, added up. The
/// presolve is one for any limit: what it decides because of this one would have
/// no price any more.
static double relaxedPrice(const Problem &problem, RunClock clock) {
  Model model(problem, true);
  PresolveStats ignored;
  if (!model.infeasible)
    Presolve(model, ignored).runForAnyLimit(clock);
  if (model.infeasible)
    return std::numeric_limits<double>::infinity();
  if (Formulation::countColumns(model, mostColumnsForCbc) <= mostColumnsForCbc)
    if (std::optional<double> price = priceByProgram(model, clock))
      return *price;
  DualAscent dual(model);
  double mark = dual.bound();
  for (int round = 1; !clock.expired(dual.work()); ++round) {
    dual.step();
    if (round % 500)
      continue;
    if (dual.bound() - mark < 1e-7 * std::abs(dual.bound()))
      break;
    mark = dual.bound();
  }
  return dual.priceOfMemory();
}

MemoryPrice memoryPrice(Problem problem, Bytes step, const SolveOptions &options) {
  MemoryPrice price;
  Bytes limit = *problem.usageLimit;
  SolveOptions each = options;
  auto share = [&](double part) {
    return options.workLimit ? std::optional(static_cast<Work>(
                                   static_cast<double>(*options.workLimit) * part))
                             : std::nullopt;
  };
  price.relaxed =
      relaxedPrice(problem, RunClock(options.timeLimitSeconds / 30, share(1 / 30.0)));
  each.timeLimitSeconds = options.timeLimitSeconds * 0.95 / 3;
  each.workLimit = share(0.95 / 3);
  price.less = solveAt(problem, std::max<Bytes>(0, limit - step), each);
  price.here = solveAt(problem, limit, each);
  price.more = solveAt(problem, limit + step, each);
  // What costs no more with less memory is there with more; and the other way
  // round for bounds.
  price.here.lowerBound = std::max(price.here.lowerBound, price.more.lowerBound);
  if (price.less.status != Status::Infeasible)
    price.less.lowerBound = std::max(price.less.lowerBound, price.here.lowerBound);
  return price;
}

} // namespace autopar::ilp
