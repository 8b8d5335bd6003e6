// See Improve.h.
#include "compiler/solvers/schedule/Improve.h"

#include <algorithm>
#include <tuple>

namespace autopar::schedule {

namespace {

class Mover {
public:
  Mover(const Problem &problem, int64_t peak, int moves, Order &order)
      : problem(problem), peak(peak), left(moves), order(order), best(simulate(problem, order)),
        followers(problem.size()), position(problem.size()) {
    for (int index = 0; index < problem.size(); ++index)
      for (const std::vector<int> *earlier :
           {&problem.operations[index].inputs, &problem.operations[index].after})
        for (int other : *earlier)
          followers[other].push_back(index);
    place();
  }

  void run() {
    bool improved = true;
    while (improved && best.exposed() > 0) {
      improved = false;
      for (int stalled : stalls())
        improved |= relieve(stalled);
      for (int index = 0; index < problem.size() && !improved; ++index)
        improved = moveAnywhere(index);
    }
  }

private:
  void place() {
    for (int at = 0; at < problem.size(); ++at)
      position[order[at]] = at;
  }

  /// Operations before which computation waits, the longest wait first; -1 for the wait at the
  /// end.
  std::vector<int> stalls() const {
    std::vector<std::pair<int64_t, int>> waits;
    int64_t computeFree = 0;
    for (int index : order) {
      if (problem.operations[index].communicates)
        continue;
      if (best.begin[index] > computeFree)
        waits.push_back({computeFree - best.begin[index], index});
      computeFree = best.end[index];
    }
    if (best.cost > computeFree)
      waits.push_back({computeFree - best.cost, -1});
    std::sort(waits.begin(), waits.end());
    std::vector<int> operations;
    for (auto [wait, index] : waits)
      operations.push_back(index);
    return operations;
  }

  /// Tries to shorten a wait: call what is waited for earlier, have later computation fill it,
  /// or let the operation itself come later.
  bool relieve(int stalled) {
    bool improved = false;
    const int at = stalled < 0 ? problem.size() : position[stalled];
    for (int index : collectivesBefore(at))
      improved |= tryMove(index, earliest(index));
    if (stalled < 0)
      return improved;
    for (int from = position[stalled] + 1, tried = 0;
         from < problem.size() && tried < candidates; ++from) {
      const int index = order[from];
      if (problem.operations[index].communicates || earliest(index) > position[stalled])
        continue;
      ++tried;
      improved |= tryMove(index, position[stalled]);
    }
    for (int step = 1; step < problem.size() && step <= latest(stalled) - position[stalled];
         step *= 2)
      if (tryMove(stalled, position[stalled] + step))
        return true;
    return improved;
  }

  /// Where no wait can be shortened alone, what stands between may be in the way.
  bool moveAnywhere(int index) {
    const int at = position[index];
    for (int step = 1; step < problem.size(); step += 1 + step / 4) {
      if (at - step >= earliest(index) && tryMove(index, at - step))
        return true;
      if (at + step <= latest(index) && tryMove(index, at + step))
        return true;
    }
    return false;
  }

  /// The collectives that may keep computation waiting at a position, and what these read.
  std::vector<int> collectivesBefore(int at) const {
    std::vector<int> found;
    for (int before = at - 1; before >= 0 && static_cast<int>(found.size()) < candidates;
         --before) {
      const int index = order[before];
      if (!problem.operations[index].communicates)
        continue;
      found.push_back(index);
      for (int input : problem.operations[index].inputs)
        found.push_back(input);
    }
    return found;
  }

  /// The first and last positions to which an operation may move, the others in their order.
  int earliest(int index) const {
    int first = 0;
    for (const std::vector<int> *earlier :
         {&problem.operations[index].inputs, &problem.operations[index].after})
      for (int other : *earlier)
        first = std::max(first, position[other] + 1);
    return first;
  }
  int latest(int index) const {
    int last = problem.size() - 1;
    for (int follower : followers[index])
      last = std::min(last, position[follower] - 1);
    return last;
  }

  bool tryMove(int index, int to) {
    const int from = position[index];
    if (to == from || left == 0)
      return false;
    --left;
    rotate(from, to);
    Timeline moved = simulate(problem, order);
    if (moved.peak > peak ||
        std::tie(moved.cost, moved.peak) >= std::tie(best.cost, best.peak)) {
      rotate(to, from);
      return false;
    }
    best = std::move(moved);
    place();
    return true;
  }

  void rotate(int from, int to) {
    auto begin = order.begin();
    if (from < to)
      std::rotate(begin + from, begin + from + 1, begin + to + 1);
    else
      std::rotate(begin + to, begin + from, begin + from + 1);
  }

  /// Operations tried at one wait.
  static constexpr int candidates = 16;

  const Problem &problem;
  const int64_t peak;
  int left;
  Order &order;
  Timeline best;
  std::vector<std::vector<int>> followers;
  std::vector<int> position;
};

} // namespace

void improve(const Problem &problem, int64_t peak, int moves, Order &order) {
  Mover(problem, peak, moves, order).run();
}

} // namespace autopar::schedule
