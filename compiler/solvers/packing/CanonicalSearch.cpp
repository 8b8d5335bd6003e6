#include "compiler/solvers/packing/CanonicalSearch.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

namespace autopar::packing {

namespace {

/// A set of placed items: the decisions that a conclusion rests on.
class Reason {
public:
  explicit Reason(size_t items = 0) : words((items + 63) / 64, 0) {}
  void insert(int i) { words[i / 64] |= uint64_t(1) << (i % 64); }
  void erase(int i) { words[i / 64] &= ~(uint64_t(1) << (i % 64)); }
  bool contains(int i) const { return words[i / 64] >> (i % 64) & 1; }
  void clear() { std::fill(words.begin(), words.end(), 0); }
  Reason &operator|=(const Reason &other) {
    for (size_t w = 0; w < words.size(); ++w)
      words[w] |= other.words[w];
    return *this;
  }

private:
  std::vector<uint64_t> words;
};

/// How often each section was where a branch died, recent deaths counting
/// more. Kept over restarts, which so begin where it is hard.
class Blame {
public:
  explicit Blame(int64_t sections) : weights(sections, 0) {}
  void add(int64_t section) {
    weights[section] += step;
    step *= 1.01;
    if (step < 1e100)
      return;
    for (double &weight : weights)
      weight /= step;
    step = 1;
  }
  double worst(const Item &item) const {
    return *std::max_element(weights.begin() + item.begin, weights.begin() + item.end);
  }

private:
  std::vector<double> weights;
  double step = 1;
};

/// What a run places first: what can lie lowest, or what crosses the section
/// that was to blame most.
enum class Focus { Lowest, Blamed };

/// One run of the search with one ranking of the items and a limit on nodes.
///
/// A node takes an item and places it at its floor, or else postpones it: then
/// something unplaced must come below it. Items that never live together need
/// no order between them. Each conclusion carries the placements it rests on,
/// so a dead end returns straight to the last placement that has part in it
/// (conflict-directed backjumping); most of a program's items do not.
class Search {
public:
  Search(const Items &problem, int64_t capacity, const std::vector<int64_t> &rank, Focus focus,
         Blame &blame, int64_t nodeLimit, Deadline deadline)
      : items(problem.items), capacity(capacity), rank(rank), focus(focus), blame(blame),
        nodeLimit(nodeLimit), deadline(deadline), state(items.size(), State(items.size())),
        offsets(items.size(), 0), above(problem.sections, 0) {}

  SearchResult run() {
    std::vector<int> all(items.size());
    std::iota(all.begin(), all.end(), 0);
    std::stable_sort(all.begin(), all.end(),
                     [&](int a, int b) { return items[a].begin < items[b].begin; });
    Reason conflict(items.size());
    SearchResult result;
    bool found = solveParts(all, conflict);
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
  /// What is known of an unplaced item.
  struct State {
    explicit State(size_t items) : why(items), whyPostponed(items) {}
    int64_t floor = 0;      ///< it cannot lie lower
    Reason why;             ///< for the floor
    bool postponed = false; ///< it does not lie at its floor
    Reason whyPostponed;
  };

  bool together(int i, int j) const {
    return items[i].begin < items[j].end && items[j].begin < items[i].end;
  }
  bool alike(int i, int j) const {
    return items[i].begin == items[j].begin && items[i].end == items[j].end &&
           items[i].size == items[j].size;
  }

  /// Splits the unplaced items (sorted by begin) where no lifetime crosses;
  /// the parts no longer touch each other, each is solved alone.
  bool solveParts(const std::vector<int> &unplaced, Reason &conflict) {
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
      if (!solve(part, conflict))
        return false;
    return true;
  }

  /// Whether the part's sections can still take it, every item at or above
  /// `low`: what cannot lie below some height stands above it, one on the
  /// other. On failure returns the section and the height.
  bool fits(const std::vector<int> &part, const std::vector<int64_t> &low, int64_t &fullSection,
            int64_t &fullHeight) {
    std::vector<int> fromTop(part.size());
    std::iota(fromTop.begin(), fromTop.end(), 0);
    std::sort(fromTop.begin(), fromTop.end(), [&](int a, int b) { return low[a] > low[b]; });
    for (int i : part)
      std::fill(above.begin() + items[i].begin, above.begin() + items[i].end, 0);
    for (int at : fromTop) {
      const Item &item = items[part[at]];
      for (int64_t s = item.begin; s < item.end; ++s)
        if (low[at] + (above[s] += item.size) > capacity) {
          fullSection = s;
          fullHeight = low[at];
          blame.add(s);
          return false;
        }
    }
    return true;
  }

  /// Least heights of a part's items. A postponed one rests on another that
  /// reaches into its place at its floor (if none does it could be moved down
  /// there), which may itself be postponed: as in Dijkstra's algorithm, the
  /// lowest known is settled first. The capacity where nothing can be below.
  std::vector<int64_t> liftPostponed(const std::vector<int> &part) const {
    std::vector<int64_t> low(part.size());
    std::vector<size_t> open; // the postponed, not yet settled
    for (size_t at = 0; at < part.size(); ++at) {
      low[at] = state[part[at]].floor;
      if (state[part[at]].postponed)
        open.push_back(at);
    }
    // What `below` at `height` lets an item rest on.
    auto rest = [&](size_t at, int below, int64_t height) {
      int i = part[at];
      if (i != below && height < state[i].floor + items[i].size && together(i, below))
        low[at] = std::min(low[at], std::max(height + items[below].size, state[i].floor));
    };
    for (size_t at : open) {
      low[at] = capacity;
      for (int other : part)
        if (!state[other].postponed)
          rest(at, other, state[other].floor);
    }
    while (!open.empty()) {
      auto least = std::min_element(open.begin(), open.end(),
                                    [&](size_t a, size_t b) { return low[a] < low[b]; });
      size_t settled = *least;
      *least = open.back();
      open.pop_back();
      for (size_t at : open)
        rest(at, part[settled], low[settled]);
    }
    return low;
  }

  /// Adds to `conflict` why item i cannot lie below `height`. `explained` has
  /// the heights already explained.
  void explain(const std::vector<int> &part, int i, int64_t height,
               std::vector<int64_t> &explained, Reason &conflict) const {
    if (height <= explained[i])
      return;
    explained[i] = height;
    conflict |= state[i].why;
    if (state[i].floor >= height)
      return;
    conflict |= state[i].whyPostponed;
    int64_t place = state[i].floor + items[i].size;
    for (int j : part)
      if (j != i && together(i, j))
        explain(part, j, std::min(height - items[j].size, place), explained, conflict);
  }

  /// The bound of a node, first with the floors (where these are new), then
  /// with postponed items lifted.
  bool bound(const std::vector<int> &part, bool newFloors, Reason &conflict) {
    int64_t section = 0, height = 0;
    std::vector<int64_t> low(part.size());
    bool anyPostponed = false;
    for (size_t at = 0; at < part.size(); ++at) {
      low[at] = state[part[at]].floor;
      anyPostponed |= state[part[at]].postponed;
    }
    bool ok = !newFloors || fits(part, low, section, height);
    if (ok && anyPostponed) {
      low = liftPostponed(part);
      ok = fits(part, low, section, height);
    }
    if (ok)
      return true;
    conflict.clear();
    std::vector<int64_t> explained(items.size(), 0);
    for (size_t at = 0; at < part.size(); ++at)
      if (items[part[at]].begin <= section && section < items[part[at]].end && low[at] >= height)
        explain(part, part[at], height, explained, conflict);
    return false;
  }

  /// The item to place next, by the focus, then the floor, then the rank; only
  /// items below which nothing unplaced would fit. -1 when all are postponed.
  int choose(const std::vector<int> &part) const {
    using Key = std::tuple<double, int64_t, int64_t>;
    int best = -1;
    Key bestKey;
    for (int i : part) {
      if (state[i].postponed)
        continue;
      Key key{focus == Focus::Blamed ? -blame.worst(items[i]) : 0, state[i].floor, rank[i]};
      if (best >= 0 && key > bestKey)
        continue;
      bool roomBelow = false;
      for (int j : part)
        if (state[j].floor + items[j].size <= state[i].floor && together(i, j)) {
          roomBelow = true;
          break;
        }
      if (roomBelow)
        continue;
      best = i;
      bestKey = key;
    }
    return best;
  }

  /// Places all items of a part. On failure `conflict` holds placements that
  /// no packing has together.
  bool solve(const std::vector<int> &part, Reason &conflict) {
    if (++nodes > nodeLimit || (nodes % 256 == 0 && ProcessorClock::now() > deadline))
      stopped = true;
    if (stopped)
      return false;

    std::vector<std::pair<int, State>> postponed;
    bool found = false;
    for (bool newFloors = true; bound(part, newFloors, conflict); newFloors = false) {
      int i = choose(part);
      if (i < 0) {
        conflict.clear();
        for (int j : part) {
          conflict |= state[j].why;
          if (state[j].postponed)
            conflict |= state[j].whyPostponed;
        }
        break;
      }
      if ((found = place(part, i, conflict)) || stopped || !conflict.contains(i))
        break;
      conflict.erase(i);
      for (int j : part)
        if (!state[j].postponed && alike(i, j)) {
          postponed.emplace_back(j, state[j]);
          state[j].postponed = true;
          state[j].whyPostponed = conflict;
        }
    }
    while (!postponed.empty()) {
      state[postponed.back().first] = std::move(postponed.back().second);
      postponed.pop_back();
    }
    return found;
  }

  /// Places item i at its floor and solves the rest of the part.
  bool place(const std::vector<int> &part, int i, Reason &conflict) {
    int64_t offset = offsets[i] = state[i].floor;
    int64_t top = offset + items[i].size;
    std::vector<int> rest;
    std::vector<std::pair<int, State>> lifted;
    for (int j : part) {
      if (j == i)
        continue;
      rest.push_back(j);
      if (!together(i, j) || state[j].floor >= top)
        continue;
      lifted.emplace_back(j, state[j]);
      // It is above because i is there and because it does not fit below.
      if (items[j].size > offset)
        state[j].why.clear();
      state[j].why.insert(i);
      state[j].floor = top;
      state[j].postponed = false;
    }
    bool found = solveParts(rest, conflict);
    for (auto &[j, old] : lifted)
      state[j] = std::move(old);
    return found;
  }

  const std::vector<Item> &items;
  const int64_t capacity;
  const std::vector<int64_t> &rank;
  const Focus focus;
  Blame &blame;
  const int64_t nodeLimit;
  const Deadline deadline;
  int64_t nodes = 0;
  bool stopped = false;
  std::vector<State> state;
  Offsets offsets;
  std::vector<int64_t> above; ///< of a section: units stacked so far
};

/// Rankings by what makes an item hard to place: T the fullest section it
/// crosses, A its area, W its lifetime, E its end.
std::vector<std::vector<int64_t>> rankings(const Items &problem) {
  size_t count = problem.items.size();
  std::vector<int64_t> total(problem.sections, 0);
  for (const Item &item : problem.items)
    for (int64_t s = item.begin; s < item.end; ++s)
      total[s] += item.size;
  std::vector<double> T(count), A(count), W(count), E(count);
  for (size_t i = 0; i < count; ++i) {
    const Item &item = problem.items[i];
    T[i] = double(*std::max_element(total.begin() + item.begin, total.begin() + item.end));
    W[i] = double(item.lifetime);
    A[i] = double(item.size) * W[i];
    E[i] = double(item.end);
  }
  std::vector<std::vector<int64_t>> result;
  using Keys = std::vector<const std::vector<double> *>;
  for (const Keys &keys : {Keys{&T, &W, &A}, Keys{&T, &A, &W}, Keys{&W, &A, &T}, Keys{&E}}) {
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
  std::vector<Blame> blames(2 * ranks.size(), Blame(problem.sections));
  // Short runs first: a good start finds its packing without much search.
  for (int64_t limit = 2048;; limit += limit / 2)
    for (size_t run = 0; run < blames.size(); ++run) {
      Focus focus = run % 2 == 0 ? Focus::Lowest : Focus::Blamed;
      SearchResult now =
          Search(problem, capacity, ranks[run / 2], focus, blames[run], limit, deadline).run();
      now.nodes += result.nodes;
      result = std::move(now);
      if (result.status != SearchStatus::TimedOut || ProcessorClock::now() > deadline)
        return result;
    }
}

} // namespace autopar::packing
