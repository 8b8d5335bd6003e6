// The checker of schedules: plays a sequence with the values in hand, looking
// ahead for each whether it is still wanted. Slow and simple on purpose.

#include "Schedule.h"

#include <algorithm>

namespace autopar::remat {

std::optional<std::string> check(const Problem &problem, const Sequence &sequence,
                                 int64_t budget) {
  auto who = [&](int i) { return "'" + problem.operations[i].name + "' (" + std::to_string(i) + ")"; };
  std::vector<int> runs(problem.size(), 0);
  int last = -1;
  for (size_t at = 0; at < sequence.size(); ++at) {
    int i = sequence[at];
    if (i < 0 || i >= problem.size())
      return "position " + std::to_string(at) + " runs operation " + std::to_string(i) + " of " +
             std::to_string(problem.size());
    ++runs[i];
    if (problem.operations[i].recomputable)
      continue;
    if (runs[i] > 1)
      return who(i) + " may run only once";
    if (i < last)
      return who(i) + " runs after " + who(last) + ", against their order";
    last = i;
  }
  for (int i = 0; i < problem.size(); ++i)
    if (runs[i] == 0)
      return who(i) + " never runs";

  std::vector<bool> inHand(problem.size(), false);
  for (size_t at = 0; at < sequence.size(); ++at) {
    const Operation &operation = problem.operations[sequence[at]];
    for (int input : operation.inputs)
      if (!inHand[input])
        return "position " + std::to_string(at) + ": " + who(sequence[at]) + " reads " +
               who(input) + ", which has not been computed";
    inHand[sequence[at]] = true;

    int64_t bytes = operation.workspace;
    for (int value = 0; value < problem.size(); ++value)
      if (inHand[value])
        bytes += problem.operations[value].bytes;
    if (bytes > budget)
      return "position " + std::to_string(at) + ": " + std::to_string(bytes) + " bytes while " +
             who(sequence[at]) + " runs, over the budget of " + std::to_string(budget);

    // Let go of what nobody reads before it is computed again.
    for (int value = 0; value < problem.size(); ++value) {
      if (!inHand[value])
        continue;
      bool wanted = false;
      for (size_t later = at + 1; later < sequence.size() && !wanted; ++later) {
        const std::vector<int> &inputs = problem.operations[sequence[later]].inputs;
        wanted = std::find(inputs.begin(), inputs.end(), value) != inputs.end();
        if (sequence[later] == value)
          break;
      }
      inHand[value] = wanted;
    }
  }
  return std::nullopt;
}

} // namespace autopar::remat
