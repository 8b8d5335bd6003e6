// See Timeline.h.
#include "compiler/solvers/schedule/Timeline.h"

#include <algorithm>

namespace autopar::schedule {

Timeline simulate(const Problem &problem, const Order &order, bool twoStreams) {
  const int size = problem.size();
  Timeline timeline;
  timeline.begin.resize(size);
  timeline.end.resize(size);
  /// The position from which what an operation uses is free again.
  std::vector<int> endAt(size, size);
  /// Collectives that nobody has waited for, by the order of their stream, and each one's
  /// place.
  std::vector<int> queue, place(size, -1);
  size_t joined = 0;
  int64_t computeFree = 0, communicationFree = 0;

  for (int position = 0; position < size; ++position) {
    const int index = order[position];
    const Operation &operation = problem.operations[index];
    if (operation.communicates && twoStreams) {
      timeline.communication += operation.cost;
      timeline.begin[index] = std::max(computeFree, communicationFree);
      communicationFree = timeline.end[index] = timeline.begin[index] + operation.cost;
      place[index] = static_cast<int>(queue.size());
      queue.push_back(index);
      continue;
    }
    (operation.communicates ? timeline.communication : timeline.computation) += operation.cost;
    size_t awaited = joined;
    for (const std::vector<int> *earlier : {&operation.inputs, &operation.after})
      for (int other : *earlier)
        awaited = std::max(awaited, static_cast<size_t>(place[other] + 1));
    for (; joined < awaited; ++joined) {
      endAt[queue[joined]] = position;
      computeFree = std::max(computeFree, timeline.end[queue[joined]]);
    }
    timeline.begin[index] = computeFree;
    computeFree = timeline.end[index] = computeFree + operation.cost;
    endAt[index] = position + 1;
  }
  timeline.cost = std::max(computeFree, communicationFree);

  std::vector<int> freeAt = endAt;
  for (int index = 0; index < size; ++index)
    for (int input : problem.operations[index].inputs)
      freeAt[input] = std::max(freeAt[input], endAt[index]);
  std::vector<int64_t> change(size + 1, 0);
  for (int position = 0; position < size; ++position) {
    const Operation &operation = problem.operations[order[position]];
    change[position] += operation.bytes + operation.workspace;
    change[freeAt[order[position]]] -= operation.bytes;
    change[endAt[order[position]]] -= operation.workspace;
  }
  int64_t held = 0;
  for (int64_t each : change)
    timeline.peak = std::max(timeline.peak, held += each);
  return timeline;
}

} // namespace autopar::schedule
