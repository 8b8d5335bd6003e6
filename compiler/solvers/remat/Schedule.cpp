#include "compiler/solvers/remat/Schedule.h"

#include <algorithm>
#include <numeric>

namespace autopar::remat {

Sequence originalOrder(const Problem &problem) {
  Sequence sequence(problem.size());
  std::iota(sequence.begin(), sequence.end(), 0);
  return sequence;
}

Simulation simulate(const Problem &problem, const Sequence &sequence) {
  // A value lives from the position that makes it to its last use before it is
  // made anew: a difference array over positions.
  Simulation result;
  std::vector<int64_t> change(sequence.size() + 1, 0);
  std::vector<size_t> made(problem.size(), sequence.size()), used(problem.size(), 0);
  std::vector<char> inPlace(sequence.size(), 0); // of a value whose last reader it is
  auto close = [&](int value) {
    if (made[value] == sequence.size())
      return;
    change[made[value]] += problem.operations[value].bytes;
    change[used[value] + 1] -= problem.operations[value].bytes;
    const std::vector<int> &over = problem.operations[sequence[used[value]]].over;
    if (std::find(over.begin(), over.end(), value) != over.end())
      inPlace[used[value]] = 1;
  };
  for (size_t at = 0; at < sequence.size(); ++at) {
    const Operation &operation = problem.operations[sequence[at]];
    for (int input : operation.inputs)
      used[input] = at;
    close(sequence[at]);
    made[sequence[at]] = used[sequence[at]] = at;
    result.cost += operation.cost;
  }
  for (int value = 0; value < problem.size(); ++value)
    close(value);
  int64_t values = 0;
  for (size_t at = 0; at < sequence.size(); ++at) {
    const Operation &operation = problem.operations[sequence[at]];
    values += change[at];
    result.live.push_back(values + operation.workspace - (inPlace[at] ? operation.bytes : 0));
    if (result.live.back() > result.peak) {
      result.peak = result.live.back();
      result.peakAt = at;
    }
  }
  return result;
}

} // namespace autopar::remat
