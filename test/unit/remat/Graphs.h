// Small training steps for the tests of recomputation.
#pragma once

#include "compiler/remat/Problem.h"

#include <random>

namespace autopar::remat {

/// A chain f0 … f(n-1), loss, b(n-1) … b0: the backward of fi reads its output,
/// its input and the gradient.
inline Problem makeChain(const std::vector<int64_t> &costs, const std::vector<int64_t> &bytes) {
  Problem problem;
  int n = static_cast<int>(costs.size());
  for (int i = 0; i < n; ++i)
    problem.operations.push_back({.name = "f" + std::to_string(i),
                                  .cost = costs[i],
                                  .bytes = bytes[i],
                                  .recomputable = true,
                                  .inputs = i ? std::vector{i - 1} : std::vector<int>{}});
  problem.operations.push_back({.name = "loss", .cost = 1, .bytes = 1, .inputs = {n - 1}});
  for (int i = n - 1; i >= 0; --i) {
    Operation back;
    back.name = "b" + std::to_string(i);
    back.cost = 2 * costs[i];
    back.bytes = bytes[i];
    back.backward = true;
    back.inputs = {i, problem.size() - 1};
    if (i > 0)
      back.inputs.push_back(i - 1);
    problem.operations.push_back(back);
  }
  return problem;
}

/// A chain with random costs, bytes, workspaces and skips.
inline Problem makeRandom(std::mt19937 &random, int forward, bool skips) {
  auto below = [&](int n) { return static_cast<int>(random() % n); };
  std::vector<int64_t> costs, bytes;
  for (int i = 0; i < forward; ++i) {
    costs.push_back(1 + below(20));
    bytes.push_back(1 + below(10));
  }
  Problem problem = makeChain(costs, bytes);
  for (Operation &operation : problem.operations)
    operation.workspace = below(3) == 0 ? below(6) : 0;
  for (int i = 2; skips && i < forward; ++i)
    if (below(2) == 0) {
      int from = below(i - 1);
      problem.operations[i].inputs.push_back(from);
      problem.operations[2 * forward - i].inputs.push_back(from);
    }
  return problem;
}

} // namespace autopar::remat
