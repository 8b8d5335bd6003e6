#include "compiler/solvers/packing/Greedy.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

namespace autopar::packing {

namespace {

enum class Fit { Lowest, Tightest };

struct Placed {
  int64_t offset, top, begin, end;
};

/// Places the items in `order`; `placed` is kept sorted by offset, so one walk
/// over it sees the gaps between the neighbours in time from the bottom up.
Offsets placeInOrder(const Items &problem, const std::vector<size_t> &order, Fit fit) {
  Offsets offsets(problem.items.size(), 0);
  std::vector<Placed> placed;
  placed.reserve(order.size());
  for (size_t index : order) {
    const Item &item = problem.items[index];
    int64_t floor = 0, best = -1;
    int64_t bestGap = std::numeric_limits<int64_t>::max();
    for (const Placed &other : placed) {
      if (other.end <= item.begin || item.end <= other.begin)
        continue;
      int64_t gap = other.offset - floor;
      if (gap >= item.size && gap < bestGap) {
        best = floor;
        bestGap = gap;
        if (fit == Fit::Lowest)
          break;
      }
      floor = std::max(floor, other.top);
    }
    offsets[index] = best >= 0 ? best : floor;
    Placed now{offsets[index], offsets[index] + item.size, item.begin, item.end};
    auto at = std::upper_bound(placed.begin(), placed.end(), now,
                               [](const Placed &a, const Placed &b) { return a.offset < b.offset; });
    placed.insert(at, now);
  }
  return offsets;
}

/// From the bottom up: always the item that can lie lowest, of these the one
/// with the largest area. What is placed lifts all that live beside it.
Offsets placeBottomUp(const Items &problem) {
  size_t count = problem.items.size();
  Offsets lowest(count, 0);
  auto area = [&](size_t i) {
    return double(problem.items[i].size) * double(problem.items[i].lifetime);
  };
  std::vector<size_t> left(count);
  std::iota(left.begin(), left.end(), size_t(0));
  std::stable_sort(left.begin(), left.end(), [&](size_t a, size_t b) { return area(a) > area(b); });
  while (!left.empty()) {
    auto next = std::min_element(left.begin(), left.end(),
                                 [&](size_t a, size_t b) { return lowest[a] < lowest[b]; });
    size_t index = *next;
    left.erase(next);
    const Item &item = problem.items[index];
    int64_t top = lowest[index] + item.size;
    for (size_t other : left)
      if (problem.items[other].begin < item.end && item.begin < problem.items[other].end)
        lowest[other] = std::max(lowest[other], top);
  }
  return lowest;
}

struct Order {
  const char *name;
  /// Sorts descending by the first, then by the second.
  std::function<double(const Item &)> first, second;
};

} // namespace

GreedyResult packGreedily(const Items &problem, int64_t target) {
  auto size = [](const Item &item) { return double(item.size); };
  auto time = [](const Item &item) { return double(item.lifetime); };
  auto area = [&](const Item &item) { return size(item) * time(item); };
  auto early = [](const Item &item) { return -double(item.begin); };
  auto late = [](const Item &item) { return double(item.end); };
  const Order orders[] = {
      {"size", size, time},  {"area", area, size},  {"time", time, size},
      {"begin", early, time}, {"end", late, time},
  };

  GreedyResult best{{}, std::numeric_limits<int64_t>::max(), ""};
  auto offer = [&](Offsets offsets, std::string name) {
    int64_t units = height(problem, offsets);
    if (units < best.units)
      best = {std::move(offsets), units, std::move(name)};
    return best.units <= target;
  };
  std::vector<size_t> order(problem.items.size());
  for (const Order &by : orders) {
    std::iota(order.begin(), order.end(), size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      const Item &x = problem.items[a], &y = problem.items[b];
      double fx = by.first(x), fy = by.first(y);
      return fx != fy ? fx > fy : by.second(x) > by.second(y);
    });
    if (offer(placeInOrder(problem, order, Fit::Lowest), std::string(by.name) + ", lowest gap") ||
        offer(placeInOrder(problem, order, Fit::Tightest), std::string(by.name) + ", tightest gap"))
      return best;
  }
  offer(placeBottomUp(problem), "bottom up");
  return best;
}

} // namespace autopar::packing
