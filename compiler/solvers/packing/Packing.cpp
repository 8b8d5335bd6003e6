#include "compiler/solvers/packing/Packing.h"

#include "compiler/solvers/packing/CanonicalSearch.h"
#include "compiler/solvers/packing/Greedy.h"

#include <algorithm>
#include <limits>

namespace autopar {

using namespace packing;

namespace {

/// Lifetimes, differences of two times, fit 64 bits.
constexpr int64_t latest = int64_t(1) << 61;

std::string invalid(const std::vector<Buffer> &buffers, const PackOptions &options) {
  if (options.alignment < 1)
    return "alignment " + std::to_string(options.alignment) + " must be at least 1";
  int64_t left = std::numeric_limits<int64_t>::max() / 2;
  for (size_t i = 0; i < buffers.size(); ++i) {
    const Buffer &b = buffers[i];
    std::string name = "buffer '" + (b.name.empty() ? "#" + std::to_string(i) : b.name) + "'";
    for (int64_t time : {b.begin, b.end})
      if (time < -latest || time > latest)
        return name + " lives from or to " + std::to_string(time) +
               "; times lie within 2^61 of 0";
    if (b.begin > b.end)
      return name + " begins at " + std::to_string(b.begin) + " after its end at " +
             std::to_string(b.end);
    if (b.bytes < 0)
      return name + " has " + std::to_string(b.bytes) + " bytes";
    if (b.sameOffsetAs && *b.sameOffsetAs >= buffers.size())
      return name + " shares the offset of buffer " + std::to_string(*b.sameOffsetAs) + " of " +
             std::to_string(buffers.size());
    if (b.bytes > left - options.alignment)
      return name + " takes the sum of all bytes beyond 2^62";
    left -= b.bytes + options.alignment;
  }
  return "";
}

/// Keeps the best packing found so far, in units, and what is proven.
struct Record {
  Offsets offsets;
  int64_t units, bound;
  std::string foundBy;
  int64_t nodes = 0;

  /// Asks the exact search for `target` units; learns from either answer.
  SearchStatus probe(const Items &problem, int64_t target, Deadline deadline) {
    SearchResult result = searchCanonical(problem, target, deadline);
    nodes += result.nodes;
    if (result.status == SearchStatus::Found) {
      offsets = std::move(result.offsets);
      units = height(problem, offsets);
      foundBy = "exact";
    } else if (result.status == SearchStatus::Impossible) {
      bound = std::max(bound, target + 1);
    }
    return result.status;
  }
};

Deadline in(double seconds) {
  // Decades are as good as no limit, and a clock's ticks still count them.
  const double counted = seconds > 0 ? std::min(seconds, 1e9) : 0;
  return ProcessorClock::now() +
         std::chrono::duration_cast<Deadline::duration>(std::chrono::duration<double>(counted));
}

} // namespace

std::string_view toString(PackStatus status) {
  switch (status) {
  case PackStatus::Optimal:
    return "optimal";
  case PackStatus::Feasible:
    return "feasible";
  case PackStatus::Infeasible:
    return "infeasible";
  case PackStatus::TimedOut:
    return "timed out";
  case PackStatus::Invalid:
    return "invalid";
  }
  return "";
}

Packing pack(const std::vector<Buffer> &buffers, const PackOptions &options) {
  auto start = std::chrono::steady_clock::now();
  Packing packing;
  packing.message = invalid(buffers, options);
  if (!packing.message.empty())
    return packing;

  const Items problem = buildItems(buffers, options.alignment);
  // The most units that will do: the bound itself where no capacity is given.
  int64_t wanted = options.capacity ? *options.capacity / options.alignment
                                    : problem.largestLiveSet;
  if (options.capacity && *options.capacity < 0)
    wanted = -1;
  GreedyResult greedy = packGreedily(problem, std::max(wanted, problem.largestLiveSet));
  Record best{std::move(greedy.offsets), greedy.units, problem.largestLiveSet,
              std::move(greedy.order)};

  // One question where a capacity is given. Otherwise the bound first, with
  // half the time; then, bisecting, what lies between it and the best found.
  if (best.units > wanted && wanted >= best.bound) {
    double share = options.capacity ? 1.0 : 0.5;
    best.probe(problem, wanted, in(options.timeLimitSeconds * share));
  }
  if (!options.capacity) {
    Deadline deadline = in(options.timeLimitSeconds * 0.5);
    int64_t low = best.bound;
    while (low < best.units && ProcessorClock::now() < deadline) {
      int64_t target = low + (best.units - low) / 2;
      double left = std::chrono::duration<double>(deadline - ProcessorClock::now()).count();
      if (best.probe(problem, target, in(left * 0.5)) != SearchStatus::Found)
        low = target + 1;
    }
  }

  packing.offsets.assign(buffers.size(), 0);
  for (size_t i = 0; i < buffers.size(); ++i)
    if (problem.itemOf[i] >= 0)
      packing.offsets[i] = best.offsets[problem.itemOf[i]] * options.alignment;
  packing.arenaBytes = best.units * options.alignment;
  packing.lowerBound = best.bound * options.alignment;
  packing.largestLiveSet = problem.largestLiveSet * options.alignment;
  packing.foundBy = best.foundBy;
  packing.searchNodes = best.nodes;
  if (options.capacity && best.units > wanted) {
    bool proven = best.bound > wanted;
    packing.status = proven ? PackStatus::Infeasible : PackStatus::TimedOut;
    packing.message = "no packing in " + std::to_string(*options.capacity) + " bytes" +
                      (proven ? "" : " found in time") + "; the least found is " +
                      std::to_string(packing.arenaBytes) + ", the lower bound " +
                      std::to_string(packing.lowerBound);
  } else {
    packing.status = best.units == best.bound ? PackStatus::Optimal : PackStatus::Feasible;
  }
  packing.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return packing;
}

} // namespace autopar
