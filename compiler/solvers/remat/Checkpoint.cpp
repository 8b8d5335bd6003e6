// The classic way: hold some values from the forward pass, and compute what
// lies between them again, once, when the backward pass comes there. Chen's
// rule holds every k-th articulation value.

#include "compiler/solvers/remat/Methods.h"

#include <algorithm>

namespace autopar::remat {

Sequence recomputeAll(const Problem &problem) {
  Plan plan;
  for (int i = 0; i < problem.size(); ++i) {
    if (problem.operations[i].recomputable)
      continue;
    plan.moments.push_back(i);
    std::vector<char> &resident = plan.resident.emplace_back(problem.size(), 0);
    for (int input : problem.operations[i].inputs)
      resident[input] = 1;
  }
  return decode(problem, plan);
}

Sequence keepOnly(const Problem &problem, const std::vector<char> &kept) {
  Plan plan;
  if (int begin = backwardBegin(problem); begin < problem.size()) {
    plan.moments.push_back(begin);
    plan.resident.push_back(kept);
    for (int input : problem.operations[begin].inputs)
      plan.resident.back()[input] = 1;
  }
  return decode(problem, plan);
}

std::vector<int> articulations(const Problem &problem) {
  // A cut after i is crossed by one value alone when no earlier value is read
  // by a recomputable operation behind i. What cannot be dropped does not count.
  std::vector<int> last(problem.size());
  int end = 0;
  for (int i = 0; i < problem.size(); ++i) {
    last[i] = i;
    if (!problem.operations[i].recomputable)
      continue;
    end = i + 1;
    for (int input : problem.operations[i].inputs)
      if (problem.operations[input].recomputable)
        last[input] = i;
  }
  std::vector<int> result;
  int reach = 0;
  for (int i = 0; i < end; ++i) {
    if (reach <= i && problem.operations[i].recomputable)
      result.push_back(i);
    reach = std::max(reach, last[i]);
  }
  return result;
}

void searchSqrt(const Problem &problem, Best &best) {
  std::vector<int> points = articulations(problem);
  for (size_t step = 1; step <= points.size(); ++step) {
    std::vector<char> kept(problem.size(), 0);
    for (size_t at = step - 1; at < points.size(); at += step)
      kept[points[at]] = 1;
    best.offer(keepOnly(problem, kept), "sqrt");
  }
}

} // namespace autopar::remat
