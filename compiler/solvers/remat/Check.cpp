// The checker of schedules: plays a sequence with the values in hand. Simple on
// purpose, and shared with no solver.

#include "compiler/solvers/remat/Schedule.h"

#include <algorithm>

namespace autopar::remat {

/// For each position the values that it makes or reads and that nobody reads
/// after it, before they are computed again.
static std::vector<std::vector<int>> letGo(const Problem &problem, const Sequence &sequence) {
  std::vector<std::vector<int>> gone(sequence.size());
  std::vector<bool> wanted(problem.size(), false); // by what stands behind `at`
  for (size_t at = sequence.size(); at-- > 0;) {
    const int made = sequence[at];
    std::vector<int> touched = problem.operations[made].inputs;
    touched.push_back(made);
    for (int value : touched)
      if (!wanted[value])
        gone[at].push_back(value);
    wanted[made] = false;
    for (int input : problem.operations[made].inputs)
      wanted[input] = true;
  }
  return gone;
}

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

  const std::vector<std::vector<int>> gone = letGo(problem, sequence);
  std::vector<bool> inHand(problem.size(), false);
  int64_t held = 0;
  auto put = [&](int value, bool now) {
    if (inHand[value] != now)
      held += now ? problem.operations[value].bytes : -problem.operations[value].bytes;
    inHand[value] = now;
  };
  for (size_t at = 0; at < sequence.size(); ++at) {
    const Operation &operation = problem.operations[sequence[at]];
    for (int input : operation.inputs)
      if (!inHand[input])
        return "position " + std::to_string(at) + ": " + who(sequence[at]) + " reads " +
               who(input) + ", which has not been computed";
    put(sequence[at], true);
    const bool inPlace = std::any_of(operation.over.begin(), operation.over.end(), [&](int input) {
      return std::count(gone[at].begin(), gone[at].end(), input) > 0;
    });
    if (int64_t bytes = held + operation.workspace - (inPlace ? operation.bytes : 0);
        bytes > budget)
      return "position " + std::to_string(at) + ": " + std::to_string(bytes) + " bytes while " +
             who(sequence[at]) + " runs, over the budget of " + std::to_string(budget);
    for (int value : gone[at])
      put(value, false);
  }
  return std::nullopt;
}

} // namespace autopar::remat
