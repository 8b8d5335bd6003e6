// See Solver.h.
#include "compiler/solvers/schedule/Solver.h"

#include "compiler/solvers/schedule/Greedy.h"
#include "compiler/solvers/schedule/Improve.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace autopar::schedule {

static int64_t lowerBound(const Problem &problem, const Timeline &timeline) {
  std::vector<int64_t> end(problem.operations.size(), 0);
  int64_t longest = 0;
  for (int index = 0; index < problem.size(); ++index) {
    const Operation &operation = problem.operations[index];
    for (const std::vector<int> *earlier : {&operation.inputs, &operation.after})
      for (int other : *earlier)
        end[index] = std::max(end[index], end[other]);
    longest = std::max(longest, end[index] += operation.cost);
  }
  return std::max({longest, timeline.computation, timeline.communication});
}

namespace {

struct Candidate {
  Order order;
  Timeline timeline;
};

/// What takes the least time, give or take a thousandth; of those, what holds the least.
Candidate takeBest(std::vector<Candidate> candidates) {
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const Candidate &each : candidates)
    least = std::min(least, each.timeline.cost);
  auto key = [&](const Candidate &each) {
    const bool isSlow = each.timeline.cost > least + least / 1000;
    return std::tuple(isSlow, each.timeline.peak, each.timeline.cost);
  };
  return std::move(*std::min_element(
      candidates.begin(), candidates.end(),
      [&](const Candidate &a, const Candidate &b) { return key(a) < key(b); }));
}

} // namespace

Result solve(const Problem &problem, const SolveOptions &options) {
  std::vector<Candidate> candidates;
  auto offer = [&](Order order, int64_t peak) {
    Timeline timeline = simulate(problem, order);
    if (timeline.peak <= peak)
      candidates.push_back({std::move(order), std::move(timeline)});
  };
  offer(givenOrder(problem), std::numeric_limits<int64_t>::max());
  const int64_t peak = std::max(options.peak, candidates.front().timeline.peak);
  const int64_t bound = lowerBound(problem, candidates.front().timeline);
  constexpr double anyTime = std::numeric_limits<double>::infinity();
  for (bool longestWayFirst : {false, true})
    for (double lead : {1.0, 4.0, anyTime})
      offer(greedyOrder(problem, {longestWayFirst, lead}, peak), peak);
  Candidate best = takeBest(std::move(candidates));
  improve(problem, peak, options.moves, best.order);
  best.timeline = simulate(problem, best.order);
  return {std::move(best.order), std::move(best.timeline), bound};
}

} // namespace autopar::schedule
