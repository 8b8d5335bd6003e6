#include "CanonicalSearch.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace autopar::packing {

namespace {

/// One run of the search with one ranking of the items and a limit on nodes.
class Search {
public:
  Search(const Items &problem, int64_t capacity, const std::vector<int64_t> &rank,
         int64_t nodeLimit, Deadline deadline)
      : items(problem.items), capacity(capacity), rank(rank), nodeLimit(nodeLimit),
        deadline(deadline), lowest(items.size(), 0), offsets(items.size(), 0),
        above(problem.sections, 0) {}

  SearchResult run() {
    std::vector<int> all(items.size());
    std::iota(all.begin(), all.end(), 0);
    std::stable_sort(all.begin(), all.end(),
                     [&](int a, int b) { return items[a].begin < items[b].begin; });
    bool found = solveParts(all, 0, -1);
    SearchResult result;
    result.nodes = nodes;
    if (found) {
      result.status = SearchStatus::Found;
      result.offsets = offsets;
    } else {
      result.status = stopped ? SearchStatus::TimedOut : SearchStatus::Impossible;
    }
    return result;
  }

private:
  /// Splits the unplaced items (sorted by begin) where no lifetime crosses;
  /// the parts no longer touch each other, each is solved alone.
  bool solveParts(const std::vector<int> &unplaced, int64_t lastOffset, int64_t lastRank) {
    std::vector<std::vector<int>> parts;
    int64_t reach = std::numeric_limits<int64_t>::min();
    for (int i : unplaced) {
      if (items[i].begin >= reach)
        parts.emplace_back();
      parts.back().push_back(i);
      reach = std::max(reach, items[i].end);
    }
    if (parts.size() > 1)
      std::stable_sort(parts.begin(), parts.end(),
                       [](const auto &a, const auto &b) { return a.size() < b.size(); });
    for (const std::vector<int> &part : parts)
      if (!solve(part, lastOffset, lastRank))
        return false;
    return true;
  }

  /// Places the items of one part at or above `lastOffset`, from the bottom
  /// up; of items at one height those of higher rank come later.
  bool solve(const std::vector<int> &part, int64_t lastOffset, int64_t lastRank) {
    if (++nodes > nodeLimit || (nodes % 256 == 0 && std::chrono::steady_clock::now() > deadline))
      stopped = true;
    if (stopped)
      return false;

    // What is placed from here on lies at or above lastOffset. An item that
    // fits below the next one placed could be moved there, so the next one
    // lies below the least top.
    int64_t begin = items[part.front()].begin, end = begin, leastTop = capacity;
    for (int i : part) {
      end = std::max(end, items[i].end);
      leastTop = std::min(leastTop, lowest[i] + items[i].size);
    }
    if (leastTop <= lastOffset)
      return false;

    // In each section: what cannot lie below some height stands above it, one
    // on the other, and must end within the capacity.
    std::vector<int> fromTop = part;
    std::sort(fromTop.begin(), fromTop.end(), [&](int a, int b) { return lowest[a] > lowest[b]; });
    std::fill(above.begin() + begin, above.begin() + end, 0);
    for (int i : fromTop) {
      int64_t most = 0;
      for (int64_t s = items[i].begin; s < items[i].end; ++s)
        most = std::max(most, above[s] += items[i].size);
      if (std::max(lowest[i], lastOffset) + most > capacity)
        return false;
    }

    std::vector<int> candidates;
    for (int i : part)
      if (lowest[i] < leastTop &&
          (lowest[i] > lastOffset || (lowest[i] == lastOffset && rank[i] > lastRank)))
        candidates.push_back(i);
    std::sort(candidates.begin(), candidates.end(), [&](int a, int b) {
      return lowest[a] != lowest[b] ? lowest[a] < lowest[b] : rank[a] < rank[b];
    });

    std::vector<int> rest;
    std::vector<std::pair<int, int64_t>> lifted;
    for (int i : candidates) {
      // Of equal items the one with the least rank comes first.
      bool twin = false;
      for (int j : part)
        if (rank[j] < rank[i] && items[j].begin == items[i].begin &&
            items[j].end == items[i].end && items[j].size == items[i].size)
          twin = true;
      if (twin)
        continue;

      offsets[i] = lowest[i];
      int64_t top = lowest[i] + items[i].size;
      rest.clear();
      lifted.clear();
      for (int j : part) {
        if (j == i)
          continue;
        rest.push_back(j);
        if (items[j].begin < items[i].end && items[i].begin < items[j].end && lowest[j] < top) {
          lifted.emplace_back(j, lowest[j]);
          lowest[j] = top;
        }
      }
      if (solveParts(rest, offsets[i], rank[i]))
        return true;
      for (auto [j, low] : lifted)
        lowest[j] = low;
      if (stopped)
        return false;
    }
    return false;
  }

  const std::vector<Item> &items;
  const int64_t capacity;
  const std::vector<int64_t> &rank;
  const int64_t nodeLimit;
  const Deadline deadline;
  int64_t nodes = 0;
  bool stopped = false;
  std::vector<int64_t> lowest, offsets; ///< of an item
  std::vector<int64_t> above;           ///< of a section: units stacked so far
};

/// Rankings by what makes an item hard to place: T the fullest section it
/// crosses, A its area, W its lifetime.
std::vector<std::vector<int64_t>> rankings(const Items &problem) {
  size_t count = problem.items.size();
  std::vector<int64_t> total(problem.sections, 0);
  for (const Item &item : problem.items)
    for (int64_t s = item.begin; s < item.end; ++s)
      total[s] += item.size;
  std::vector<double> T(count), A(count), W(count);
  for (size_t i = 0; i < count; ++i) {
    const Item &item = problem.items[i];
    T[i] = double(*std::max_element(total.begin() + item.begin, total.begin() + item.end));
    W[i] = double(item.end - item.begin);
    A[i] = double(item.size) * W[i];
  }
  std::vector<std::vector<int64_t>> result;
  using Keys = std::vector<const std::vector<double> *>;
  for (const Keys &keys : {Keys{&W, &A, &T}, Keys{&T, &A, &W}, Keys{&T, &W, &A}, Keys{&A, &T, &W}}) {
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      for (auto *key : keys)
        if ((*key)[a] != (*key)[b])
          return (*key)[a] > (*key)[b];
      return false;
    });
    std::vector<int64_t> rank(count);
    for (size_t at = 0; at < count; ++at)
      rank[order[at]] = static_cast<int64_t>(at);
    result.push_back(std::move(rank));
  }
  return result;
}

} // namespace

SearchResult searchCanonical(const Items &problem, int64_t capacity, Deadline deadline) {
  SearchResult result;
  std::vector<std::vector<int64_t>> ranks = rankings(problem);
  for (int64_t limit = 4096;; limit *= 2)
    for (const std::vector<int64_t> &rank : ranks) {
      SearchResult now = Search(problem, capacity, rank, limit, deadline).run();
      now.nodes += result.nodes;
      result = std::move(now);
      if (result.status != SearchStatus::TimedOut || std::chrono::steady_clock::now() > deadline)
        return result;
    }
}

} // namespace autopar::packing
