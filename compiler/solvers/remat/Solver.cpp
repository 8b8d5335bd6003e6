#include "compiler/solvers/remat/Solver.h"

#include "compiler/solvers/remat/LocalSearch.h"
#include "compiler/solvers/remat/MomentIlp.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace autopar::remat {

namespace {

struct Name {
  Method method;
  std::string_view text;
};
constexpr Name names[] = {{Method::None, "none"},   {Method::All, "all"},
                          {Method::Sqrt, "sqrt"},   {Method::Chain, "chain"},
                          {Method::Optimal, "optimal"}, {Method::Auto, "auto"}};

/// No schedule has a lower peak: each operation with its inputs and with what
/// the fixed order holds across it, made in an input's place where some
/// schedule may let that go.
int64_t leastPeakBound(const Problem &problem) {
  std::vector<int> last = lastUses(problem);
  int64_t bound = 0;
  for (int t = 0; t < problem.size(); ++t) {
    const Operation &now = problem.operations[t];
    bool inPlace = std::any_of(now.over.begin(), now.over.end(), [&](int i) {
      return problem.operations[i].recomputable || last[i] <= t;
    });
    int64_t bytes = now.workspace + (inPlace ? 0 : now.bytes);
    for (int i = 0; i < t; ++i) {
      bool read = std::find(now.inputs.begin(), now.inputs.end(), i) != now.inputs.end();
      if (read || (!problem.operations[i].recomputable && last[i] >= t))
        bytes += problem.operations[i].bytes;
    }
    bound = std::max(bound, bytes);
  }
  return bound;
}

/// Quick ways first, then the ILP for a bound that may prove what they found,
/// then improvement by all means. `bound` is known before. Returns the bound on the extra cost,
/// infinity where nothing fits.
double searchWhole(const Problem &problem, const SolveOptions &options, Best &best,
                   int64_t leastPeak, double bound, const Clock &clock) {
  constexpr int quickRounds = 50;
  const bool all = options.method == Method::Auto;
  const double allowedGap = options.gap * double(problem.totalCost());
  const int64_t knownPeak = best.peak;
  LocalSearch local(problem, best);
  if (all || leastPeak > best.budget)
    best.offer(recomputeAll(problem), "all");
  if (leastPeak > best.budget)
    bound = std::numeric_limits<double>::infinity();
  if (!std::isinf(bound)) {
    if (all) {
      searchSqrt(problem, best);
      searchChain(problem, best, clock.part(0.1));
      local.build(clock.part(0.2));
      local.rebuild(quickRounds, clock.part(0.1));
    }
    if (all && !best.fits) { // from a lower peak on it may
      searchLeastPeak(problem, best, best.budget, clock.part(0.3));
      local.build(clock.part(0.1));
      local.rebuild(4 * quickRounds, clock.part(0.2));
    }
    MomentIlp ilp(problem, best.budget);
    bound = std::max(bound, searchMoments(ilp, problem, best, bound,
                                          clock.part(all || best.fits ? 0.5 : 0.8), allowedGap));
    if (best.fits && all)
      local.polish(bound + allowedGap, clock.part(0.7));
    if (best.fits)
      searchWindows(ilp, problem, best, bound, clock, allowedGap);
  }
  if (!best.fits)
    searchLeastPeak(problem, best, std::max(leastPeak, best.budget), clock.part(0.5));
  if (!best.fits && best.peak < knownPeak) // of one that is known an earlier solve has done so
    cheapen(problem, best, clock);
  return bound;
}

} // namespace

std::optional<Method> parseMethod(std::string_view text) {
  for (const Name &name : names)
    if (name.text == text)
      return name.method;
  return std::nullopt;
}

std::string_view toString(Method method) {
  for (const Name &name : names)
    if (name.method == method)
      return name.text;
  return "";
}

std::string_view toString(Status status) {
  switch (status) {
  case Status::Optimal:
    return "optimal";
  case Status::Feasible:
    return "feasible";
  case Status::Infeasible:
    return "infeasible";
  case Status::NotFound:
    return "not found";
  }
  return "";
}

bool Best::offer(const Sequence &sequence, const char *method) {
  Simulation simulation = simulate(problem, sequence);
  int64_t extra = simulation.cost - problem.totalCost();
  bool better = simulation.peak <= budget
                    ? !fits || extra < extraCost || (extra == extraCost && simulation.peak < peak)
                    : !fits && (simulation.peak < peak ||
                                (simulation.peak == peak && extra < extraCost));
  if (!better)
    return false;
  this->sequence = sequence;
  fits = simulation.peak <= budget;
  extraCost = extra;
  peak = simulation.peak;
  foundBy = method;
  if (onProgress)
    onProgress(foundBy + ": extra cost " + std::to_string(extra) + ", peak " +
               std::to_string(peak) + (fits ? "" : ", over the budget"));
  return true;
}

double Known::boundFor(int64_t budget) const {
  double bound = 0;
  for (auto known = bounds.lower_bound(budget); known != bounds.end(); ++known)
    bound = std::max(bound, known->second);
  return bound;
}

bool fits(const Result &result) {
  return result.status == Status::Optimal || result.status == Status::Feasible;
}

Result solve(const Problem &problem, const SolveOptions &options) {
  Clock clock(options.timeLimitSeconds);
  Best best{problem, options.budget, options.onProgress};
  Result result;
  result.leastPeakBound = leastPeakBound(problem);
  bool hopeless = result.leastPeakBound > options.budget;

  if (options.method != Method::All)
    best.offer(originalOrder(problem), "none");
  const double tolerance = options.gap * double(problem.totalCost()) + 1e-6;
  double bound = 0;
  if (options.known) {
    bound = options.known->boundFor(options.budget);
    for (const Sequence &sequence : options.known->schedules)
      best.offer(sequence, "an earlier solve");
  }
  auto isProven = [&] { return best.fits && double(best.extraCost) <= bound + tolerance; };
  switch (options.method) {
  case Method::None:
    break;
  case Method::All:
    best.offer(recomputeAll(problem), "all");
    break;
  case Method::Sqrt:
    if (!best.fits)
      searchSqrt(problem, best);
    break;
  case Method::Chain:
    if (!best.fits)
      searchChain(problem, best, clock);
    break;
  case Method::Optimal:
  case Method::Auto:
    if (!isProven())
      bound = searchWhole(problem, options, best, result.leastPeakBound, bound, clock);
    break;
  }

  // A schedule outside of the class says nothing of its bound but that it is not one.
  if (best.fits && double(best.extraCost) < bound - tolerance)
    bound = 0;
  result.sequence = best.sequence;
  result.extraCost = best.extraCost;
  result.peak = best.peak;
  result.foundBy = best.foundBy;
  result.fault = best.fault;
  if (!best.fits) {
    result.status = hopeless || std::isinf(bound) ? Status::Infeasible : Status::NotFound;
  } else {
    result.extraCostBound = std::min(bound, double(best.extraCost));
    result.status = isProven() ? Status::Optimal : Status::Feasible;
  }
  result.seconds = clock.elapsed();
  return result;
}

} // namespace autopar::remat
