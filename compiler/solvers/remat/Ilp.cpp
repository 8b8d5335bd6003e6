// The search by the ILP over moments. First the bound: solve, decode,
// simulate, add the moments where the schedule is over the budget, until it
// fits and is proven best. Where the time for that is over, large
// neighbourhoods: every moment of the backward pass, but only a window of
// values free to move, the others as in the best schedule so far.

#include "compiler/solvers/remat/MomentIlp.h"

#include "compiler/solvers/remat/Methods.h"

#include <algorithm>
#include <limits>
#include <random>

namespace autopar::remat {

namespace {

/// Good enough while moments are still being added, as a share of the
/// problem's whole time.
constexpr double roughGap = 5e-4;

void report(const Best &best, const MomentIlp &ilp, const IlpAnswer &answer, const Clock &clock) {
  if (best.onProgress)
    best.onProgress("ilp: " + std::to_string(ilp.numMoments()) + " moments, " +
                    std::to_string(ilp.numConditions()) + " conditions, cost " +
                    std::to_string(answer.objective) + ", bound " + std::to_string(answer.bound) +
                    ", " + std::to_string(clock.elapsed()) + " s");
}

} // namespace

double searchMoments(MomentIlp &ilp, const Problem &problem, Best &best, double bound,
                     const Clock &clock, double allowedGap) {
  if (int begin = backwardBegin(problem); begin < problem.size())
    ilp.addMoment(begin);
  ilp.refine(originalOrder(problem), 1);
  // To learn which moments matter a rough optimum will do; the fine one only
  // where the schedule fits.
  double gap = std::max(allowedGap, roughGap * double(problem.totalCost()));
  while (clock.left() > 0) {
    IlpAnswer answer =
        ilp.solve(clock, clock.left(), gap, best.fits ? best.sequence : Sequence());
    best.note(answer.fault);
    report(best, ilp, answer, clock);
    bound = std::max(bound, answer.bound);
    if (answer.kind == IlpAnswer::Infeasible)
      return std::numeric_limits<double>::infinity();
    if (answer.kind == IlpAnswer::Unknown)
      break;
    const Sequence asDecided = decode(problem, answer.plan);
    postpone(problem, answer.plan);
    Sequence sequence = decode(problem, answer.plan);
    best.offer(sequence, "ilp");
    if (best.fits && double(best.extraCost) <= bound + allowedGap)
      return bound;
    // What was postponed may be over the budget where rows say so already, and where it was decided
    // no row does yet.
    if (ilp.refine(sequence, 8) || ilp.refine(asDecided, 8))
      continue;
    if (gap == allowedGap)
      break;
    gap = allowedGap;
  }
  return bound;
}

void searchWindows(MomentIlp ilp, const Problem &problem, Best &best, double bound,
                   const Clock &clock, double allowedGap) {
  std::vector<int> values; // that may move
  for (int i = 0; i < problem.size(); ++i)
    if (problem.operations[i].recomputable)
      values.push_back(i);
    else
      ilp.addMoment(i);
  std::mt19937 random(1);
  size_t width = 8;
  size_t failures = 0;
  while (clock.left() > 0 && double(best.extraCost) > bound + allowedGap) {
    // Two windows: bytes saved in one are spent in the other.
    std::vector<char> free(problem.size(), 0);
    for (int window = 0; window < 2; ++window) {
      size_t start = random() % values.size();
      for (size_t at = start; at < std::min(values.size(), start + width); ++at)
        free[values[at]] = 1;
    }
    int64_t before = best.extraCost;
    // A move that does not fit tells which conditions it lacked.
    for (int attempt = 0; attempt < 4 && clock.left() > 0; ++attempt) {
      double seconds = std::min(clock.left(), 5.0);
      IlpAnswer answer = ilp.solve(clock, seconds, allowedGap, best.sequence, &free);
      best.note(answer.fault);
      if (answer.plan.moments.empty() || answer.objective >= double(best.extraCost) - 0.5)
        break;
      postpone(problem, answer.plan);
      Sequence sequence = decode(problem, answer.plan);
      if (best.offer(sequence, "ilp windows") || !ilp.refine(sequence, 16))
        break;
    }
    failures = best.extraCost < before ? 0 : failures + 1;
    if (failures <= 2 * values.size() / width)
      continue;
    if (width >= values.size())
      return; // all of them were free
    width += width / 2;
    failures = 0;
  }
}

} // namespace autopar::remat
