// See Greedy.h.
#include "compiler/solvers/schedule/Greedy.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace autopar::schedule {

namespace {

class ListScheduler {
public:
  ListScheduler(const Problem &problem, const Rule &rule, int64_t peak)
      : problem(problem), rule(rule), peak(peak), size(problem.size()), waitsFor(size, 0),
        holders(size, 1), followers(size), press(size), needed(size), place(size, -1),
        endsAt(size, 0) {
    for (int index = 0; index < size; ++index) {
      for (int input : problem.operations[index].inputs)
        ++holders[input];
      for (int other : predecessors(index)) {
        followers[other].push_back(index);
        ++waitsFor[index];
      }
    }
    rank();
    for (int index = 0; index < size; ++index)
      if (waitsFor[index] == 0)
        makeReady(index);
  }

  Order run() {
    while (static_cast<int>(order.size()) < size)
      call(next());
    return std::move(order);
  }

private:
  using Ready = std::set<std::pair<int64_t, int>>; // most pressing first

  std::vector<int> predecessors(int index) const {
    const Operation &operation = problem.operations[index];
    std::vector<int> all = operation.inputs;
    all.insert(all.end(), operation.after.begin(), operation.after.end());
    return all;
  }

  /// How pressing each operation is, and when a collective's value is needed: in the given
  /// order, by the computation that stands before its first reader that computes.
  void rank() {
    std::vector<int64_t> way(size, 0), computed(size + 1, 0);
    std::vector<int> reader(size, size);
    for (int index = 0; index < size; ++index) {
      const Operation &operation = problem.operations[index];
      computed[index + 1] = computed[index] + (operation.communicates ? 0 : operation.cost);
    }
    for (int index = size - 1; index >= 0; --index) {
      const Operation &operation = problem.operations[index];
      way[index] += operation.cost;
      const int first = operation.communicates ? reader[index] : index;
      for (int other : predecessors(index)) {
        way[other] = std::max(way[other], way[index]);
        reader[other] = std::min(reader[other], first);
      }
      press[index] = rule.longestWayFirst ? -way[index] : first;
      needed[index] = computed[std::min(first, size)];
    }
  }

  void makeReady(int index) {
    (problem.operations[index].communicates ? collectives : computations)
        .insert({press[index], index});
  }

  /// When computation could take `index` up: when what it waits for has ended.
  int64_t startOf(int index) const {
    int64_t start = computeFree;
    for (int other : predecessors(index))
      if (problem.operations[other].communicates)
        start = std::max(start, endsAt[other]);
    return start;
  }

  bool fits(int index) const {
    const Operation &operation = problem.operations[index];
    return held + operation.bytes + operation.workspace <= peak;
  }

  /// The most pressing computation that need not wait, or that waits least where all must; what
  /// fits is preferred. -1 where none is ready.
  int nextComputation() const {
    int best = -1;
    auto order = [&](int index) {
      return std::pair(!fits(index), std::max<int64_t>(startOf(index) - computeFree, 0));
    };
    for (auto [pressing, index] : computations) {
      if (best < 0 || order(index) < order(best))
        best = index;
      if (order(best) == std::pair(false, int64_t(0)))
        break;
    }
    return best;
  }

  /// A collective to call before the computation `beside` (-1: there is none), or -1.
  int nextCollective(int beside) const {
    const int64_t waiting = std::max<int64_t>(communicationFree - computeFree, 0);
    const int64_t busy = beside < 0 ? 0 : problem.operations[beside].cost;
    const bool stalls = beside < 0 || startOf(beside) > computeFree;
    for (auto [pressing, index] : collectives) {
      if (stalls && (fits(index) || beside < 0))
        return index;
      const double lead = rule.lead * static_cast<double>(problem.operations[index].cost);
      const bool isDue = static_cast<double>(needed[index] - computed) <=
                         lead + static_cast<double>(waiting + busy);
      if (isDue && waiting <= busy && fits(index))
        return index;
    }
    return -1;
  }

  int next() const {
    const int computation = nextComputation(), collective = nextCollective(computation);
    return collective >= 0 ? collective : computation;
  }

  void call(int index) {
    const Operation &operation = problem.operations[index];
    order.push_back(index);
    (operation.communicates ? collectives : computations).erase({press[index], index});
    if (operation.communicates) {
      held += operation.bytes + operation.workspace;
      communicationFree = std::max(computeFree, communicationFree) + operation.cost;
      endsAt[index] = communicationFree;
      place[index] = static_cast<int>(queue.size());
      queue.push_back(index);
    } else {
      join(index);
      held += operation.bytes + operation.workspace;
      computeFree += operation.cost;
      computed += operation.cost;
      end(index);
    }
    for (int follower : followers[index])
      if (--waitsFor[follower] == 0)
        makeReady(follower);
  }

  /// Computation waits for the collectives that `index` follows, and for those before them.
  void join(int index) {
    size_t awaited = joined;
    for (int other : predecessors(index))
      awaited = std::max(awaited, static_cast<size_t>(place[other] + 1));
    for (; joined < awaited; ++joined) {
      computeFree = std::max(computeFree, endsAt[queue[joined]]);
      end(queue[joined]);
    }
  }

  void end(int index) {
    held -= problem.operations[index].workspace;
    release(index);
    for (int input : problem.operations[index].inputs)
      release(input);
  }

  void release(int value) {
    if (--holders[value] == 0)
      held -= problem.operations[value].bytes;
  }

  const Problem &problem;
  const Rule &rule;
  const int64_t peak;
  const int size;

  std::vector<int> waitsFor; ///< predecessors that have not been called
  std::vector<int> holders;  ///< of a value: itself and its readers, until they have ended
  std::vector<std::vector<int>> followers;
  std::vector<int64_t> press, needed;
  Ready computations, collectives;

  Order order;
  int64_t computeFree = 0, communicationFree = 0, computed = 0, held = 0;
  std::vector<int> queue, place; ///< collectives in order, and each one's place there
  std::vector<int64_t> endsAt;   ///< of collectives
  size_t joined = 0;
};

} // namespace

Order greedyOrder(const Problem &problem, const Rule &rule, int64_t peak) {
  return ListScheduler(problem, rule, peak).run();
}

} // namespace autopar::schedule
