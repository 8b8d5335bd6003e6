#include "compiler/solvers/remat/Plan.h"

#include <algorithm>
#include <functional>

namespace autopar::remat {

int backwardBegin(const Problem &problem) {
  int begin = 0;
  while (begin < problem.size() && (problem.operations[begin].recomputable ||
                                    problem.operations[begin].inputs.empty()))
    ++begin;
  return begin;
}

std::vector<int> lastUses(const Problem &problem) {
  std::vector<int> last(problem.size());
  for (int i = 0; i < problem.size(); ++i) {
    last[i] = i;
    for (int input : problem.operations[i].inputs)
      last[input] = i;
  }
  return last;
}

Sequence decode(const Problem &problem, const Plan &plan) {
  Sequence sequence;
  std::vector<char> available(problem.size(), 0);
  std::vector<int> wanted;
  std::function<void(int)> want = [&](int value) {
    if (available[value])
      return;
    available[value] = 1;
    wanted.push_back(value);
    for (int input : problem.operations[value].inputs)
      want(input);
  };
  auto emitWanted = [&] { // in the original order, inputs so come first
    std::sort(wanted.begin(), wanted.end());
    sequence.insert(sequence.end(), wanted.begin(), wanted.end());
    wanted.clear();
  };
  size_t next = 0; // the next moment
  for (int i = 0; i < problem.size(); ++i) {
    if (next < plan.moments.size() && plan.moments[next] == i) {
      const std::vector<char> &resident = plan.resident[next++];
      for (int value = 0; value < i; ++value)
        if (resident[value])
          want(value);
      emitWanted();
      for (int value = 0; value < i; ++value)
        if (problem.operations[value].recomputable)
          available[value] = resident[value];
    }
    for (int input : problem.operations[i].inputs)
      want(input);
    emitWanted();
    sequence.push_back(i);
    available[i] = 1;
    // Held at t_k and yet made again before the very next operation: let go to
    // make room in between.
    if (next > 0 && next < plan.moments.size() && plan.moments[next - 1] == i &&
        plan.moments[next] == i + 1 && !plan.again.empty())
      for (int value = 0; value < i; ++value)
        if (plan.again[next - 1][value])
          available[value] = 0;
  }
  return sequence;
}

void postpone(const Problem &problem, Plan &plan) {
  for (size_t k = 0; k + 1 < plan.moments.size(); ++k) {
    std::vector<char> &again = plan.again[k], &later = plan.again[k + 1];
    std::vector<char> &resident = plan.resident[k + 1];
    // What no operation of the original order asks for in this stage, itself
    // or through another recomputation.
    std::vector<char> moves = again;
    auto stay = [&](const std::vector<int> &values) {
      for (int value : values)
        moves[value] = 0;
    };
    for (int i = plan.moments[k] + 1; i < plan.moments[k + 1]; ++i)
      stay(problem.operations[i].inputs);
    stay(problem.operations[plan.moments[k + 1]].inputs);
    // What stays keeps its inputs; what has no inputs later stays.
    for (bool changed = true; changed;) {
      changed = false;
      for (int i = plan.moments[k] - 1; i >= 0; --i) {
        if (!again[i])
          continue;
        bool possible = moves[i];
        for (int input : problem.operations[i].inputs)
          possible = possible && (moves[input] || resident[input] || later[input]);
        if (possible)
          continue;
        changed |= moves[i];
        moves[i] = 0;
        for (int input : problem.operations[i].inputs) {
          changed |= moves[input];
          moves[input] = 0;
        }
      }
    }
    for (int i = 0; i < plan.moments[k]; ++i)
      if (moves[i]) {
        again[i] = 0;
        resident[i] = 0;
        later[i] = 1;
      }
  }
}

Plan readPlan(const Problem &problem, const Sequence &sequence, const std::vector<int> &moments) {
  Plan plan;
  plan.moments = moments;
  plan.resident.assign(moments.size(), std::vector<char>(problem.size(), 0));
  plan.again = plan.resident;

  // A moment is where its operation runs first.
  std::vector<size_t> first(problem.size(), sequence.size());
  for (size_t at = sequence.size(); at-- > 0;)
    first[sequence[at]] = at;
  std::vector<size_t> position;
  for (int moment : moments)
    position.push_back(first[moment]);
  auto stageOf = [&](size_t at) { // -1 before the first moment
    return std::upper_bound(position.begin(), position.end(), at) - position.begin() - 1;
  };

  std::vector<size_t> made(problem.size(), sequence.size()), used(problem.size(), 0);
  auto close = [&](int value) {
    if (made[value] == sequence.size())
      return;
    for (ptrdiff_t k = stageOf(made[value]) + 1; k <= stageOf(used[value]); ++k)
      plan.resident[k][value] = 1;
  };
  for (size_t at = 0; at < sequence.size(); ++at) {
    int i = sequence[at];
    for (int input : problem.operations[i].inputs)
      used[input] = at;
    if (at != first[i] && stageOf(at) >= 0)
      plan.again[stageOf(at)][i] = 1;
    close(i);
    made[i] = used[i] = at;
  }
  for (int value = 0; value < problem.size(); ++value)
    close(value);
  return plan;
}

} // namespace autopar::remat
