// Small training steps for the tests of recomputation.
#pragma once

#include "compiler/solvers/remat/Problem.h"

#include <algorithm>
#include <random>
#include <string>

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

/// A chain with random costs, bytes, workspaces, places and skips.
inline Problem makeRandom(std::mt19937 &random, int forward, bool skips) {
  auto below = [&](int n) { return static_cast<int>(random() % n); };
  std::vector<int64_t> costs, bytes;
  for (int i = 0; i < forward; ++i) {
    costs.push_back(1 + below(20));
    bytes.push_back(i > 0 && below(3) == 0 ? bytes.back() : 1 + below(10));
  }
  Problem problem = makeChain(costs, bytes);
  for (Operation &operation : problem.operations) {
    operation.workspace = below(3) == 0 ? below(6) : 0;
    for (int input : operation.inputs)
      if (below(2) == 0 && problem.operations[input].bytes == operation.bytes)
        operation.over.push_back(input);
  }
  for (int i = 2; skips && i < forward; ++i)
    if (below(2) == 0) {
      int from = below(i - 1);
      problem.operations[i].inputs.push_back(from);
      problem.operations[2 * forward - i].inputs.push_back(from);
    }
  return problem;
}

/// Builds a training step forward; `close` adds the loss and the backward
/// pass: an operation's gradient is of its output and what it keeps reading.
class StepBuilder {
public:
  int add(std::string name, int64_t cost, int64_t bytes, std::vector<int> inputs,
          bool readsInputs = true, bool readsOutput = false) {
    problem.operations.push_back({.name = std::move(name),
                                  .cost = cost,
                                  .bytes = bytes,
                                  .recomputable = true,
                                  .inputs = std::move(inputs)});
    reads.push_back({readsInputs, readsOutput});
    return problem.size() - 1;
  }

  Problem close() {
    const int forward = problem.size();
    problem.operations.push_back({.name = "loss", .cost = 1, .bytes = 4, .inputs = {forward - 1}});
    // What each value's gradient is made of so far.
    std::vector<std::vector<int>> gradients(forward);
    gradients[forward - 1] = {forward};
    for (int i = forward - 1; i >= 0; --i) {
      const Operation operation = problem.operations[i];
      Operation back;
      back.name = operation.name + ".grad";
      back.backward = true;
      back.cost = 2 * operation.cost;
      for (int input : operation.inputs)
        back.bytes = std::max(back.bytes, problem.operations[input].bytes);
      back.inputs = gradients[i];
      if (reads[i].inputs)
        back.inputs.insert(back.inputs.end(), operation.inputs.begin(), operation.inputs.end());
      if (reads[i].output)
        back.inputs.push_back(i);
      for (int input : operation.inputs)
        gradients[input].push_back(problem.size());
      problem.operations.push_back(std::move(back));
    }
    return std::move(problem);
  }

private:
  struct Reads {
    bool inputs, output;
  };
  Problem problem;
  std::vector<Reads> reads;
};

/// A transformer's step: per layer normalisation, q/k/v, attention, projection
/// and sum, then normalisation, two linear maps with GELU between, and sum.
/// Bytes are in units of one activation of the model's width.
inline Problem makeTransformer(int layers) {
  constexpr int64_t width = 1 << 20;
  StepBuilder step;
  int x = step.add("embedding", 4, width, {}, false);
  for (int layer = 0; layer < layers; ++layer) {
    auto name = [&](const char *what) { return "h" + std::to_string(layer) + "." + what; };
    int norm = step.add(name("ln1"), 6, width, {x});
    int qkv = step.add(name("qkv"), 90, 3 * width, {norm});
    int attention = step.add(name("attention"), 60, width, {qkv}, true, true);
    int projected = step.add(name("projection"), 30, width, {attention});
    x = step.add(name("add1"), 9, width, {x, projected}, false);
    norm = step.add(name("ln2"), 6, width, {x});
    int wide = step.add(name("fc"), 120, 4 * width, {norm});
    int gelu = step.add(name("gelu"), 24, 4 * width, {wide});
    projected = step.add(name("fc2"), 120, width, {gelu});
    x = step.add(name("add2"), 9, width, {x, projected}, false);
  }
  return step.close();
}

/// A residual network's step of bottleneck blocks, `blocks` of them at each
/// resolution; the first of a stage halves the image and has a shortcut.
inline Problem makeResidual(const std::vector<int> &blocks) {
  StepBuilder step;
  int64_t bytes = 1 << 20;
  int x = step.add("stem", 60, bytes, {}, false);
  for (size_t stage = 0; stage < blocks.size(); ++stage) {
    for (int block = 0; block < blocks[stage]; ++block) {
      auto name = [&](const char *what) {
        return "layer" + std::to_string(stage + 1) + "." + std::to_string(block) + "." + what;
      };
      const int64_t inner = bytes, outer = 4 * bytes, part = std::max<int64_t>(1, bytes >> 15);
      int shortcut = x;
      if (block == 0) {
        int conv = step.add(name("downsample"), 72, outer, {x});
        shortcut = step.add(name("downsample.bn"), 2 * part, outer, {conv});
      }
      int value = step.add(name("conv1"), 72, inner, {x});
      value = step.add(name("bn1"), part, inner, {value});
      value = step.add(name("relu1"), part, inner, {value}, false, true);
      value = step.add(name("conv2"), 160, inner, {value});
      value = step.add(name("bn2"), part, inner, {value});
      value = step.add(name("relu2"), part, inner, {value}, false, true);
      value = step.add(name("conv3"), 72, outer, {value});
      int norm = step.add(name("bn3"), 2 * part, outer, {value});
      int sum = step.add(name("add"), 3 * part, outer, {norm, shortcut}, false);
      x = step.add(name("relu3"), 2 * part, outer, {sum}, false, true);
    }
    bytes /= 2;
  }
  return step.close();
}

} // namespace autopar::remat
