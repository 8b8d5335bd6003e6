// The dynamic program over a chain of blocks, after Rotor (Beaumont et al.,
// 2019): the forward operations between two articulation values are a block,
// and a stretch of blocks is run backward in the least time that its memory
// allows, either
//
//   saving block s (some or all of it), the rest of the stretch, s backward, or
//   running blocks s..s'-1 without saving, the stretch from s' on, and then
//   s..s'-1 as a stretch of their own, from the input of s again.
//
// Memory is counted in a few hundred units and the peaks inside a block from
// above, so what comes out is simulated exactly and several budgets are tried.

#include "compiler/solvers/remat/Methods.h"

#include <algorithm>
#include <functional>

namespace autopar::remat {

namespace {

constexpr int units = 256; ///< what the budget is divided into
constexpr int mostBlocks = 128;
constexpr double never = 1e300;

/// What of a block is held for its backward pass.
struct SaveSet {
  std::vector<int> dropped; ///< values computed again
  double extraCost = 0;
  int64_t bytes = 0; ///< held, the block's output included
};

struct Block {
  std::vector<int> operations; ///< recomputable, in order; the last is the output
  std::vector<int> onceForward; ///< run once, with the first forward run
  std::vector<int> backward;
  std::vector<SaveSet> saveSets;
  double cost = 0;
  int64_t outputBytes = 0;
  int64_t forwardPeak = 0;  ///< running it without saving, its input not counted
  int64_t backwardPeak = 0; ///< its backward pass, everything saved, likewise
};

class Chain {
public:
  explicit Chain(const Problem &problem) : problem(problem) { build(); }

  bool empty() const { return blocks.empty(); }

  /// Fills the table for budgets up to `budget`, of which one unit is a part.
  void run(int64_t budget) {
    unit = std::max<int64_t>(1, (budget + units - 1) / units);
    size_t count = blocks.size();
    table.assign(count * count * (units + 1), {});
    for (size_t length = 1; length <= count; ++length)
      for (size_t s = 0; s + length <= count; ++s)
        for (int m = 0; m <= units; ++m)
          fill(s, s + length - 1, m);
  }

  bool feasible(int m) { return entry(0, blocks.size() - 1, m).cost < never; }

  /// The schedule for m units.
  Sequence schedule(int m) {
    sequence.clear();
    ran.assign(problem.size(), 0);
    available.assign(problem.size(), 0);
    process(0, blocks.size() - 1, m);
    return sequence;
  }

private:
  struct Entry {
    double cost = never;
    int saveSet = -1;  ///< of the first block
    int splitAt = -1;  ///< or where the stretch is split
  };

  Entry &entry(size_t s, size_t t, int m) {
    return table[(s * blocks.size() + t) * (units + 1) + m];
  }
  int inUnits(int64_t bytes) const { return static_cast<int>((bytes + unit - 1) / unit); }

  void build() {
    std::vector<int> ends = articulations(problem);
    int lastForward = -1;
    for (int i = 0; i < problem.size(); ++i)
      if (problem.operations[i].recomputable)
        lastForward = i;
    if (lastForward < 0)
      return;
    if (ends.empty() || ends.back() != lastForward)
      ends.push_back(lastForward);

    // Too many blocks: join those that are smallest together.
    auto spanBytes = [&](int from, int to) {
      int64_t bytes = 0;
      for (int i = from + 1; i <= to; ++i)
        bytes += problem.operations[i].bytes;
      return bytes;
    };
    while (ends.size() > mostBlocks) {
      size_t least = 0;
      int64_t leastBytes = std::numeric_limits<int64_t>::max();
      for (size_t at = 0; at + 1 < ends.size(); ++at)
        if (int64_t bytes = spanBytes(at ? ends[at - 1] : -1, ends[at + 1]); bytes < leastBytes) {
          leastBytes = bytes;
          least = at;
        }
      ends.erase(ends.begin() + least);
    }

    std::vector<int> blockOf(problem.size(), -1);
    int start = 0;
    for (int end : ends) {
      Block &block = blocks.emplace_back();
      for (int i = start; i <= end; ++i) {
        blockOf[i] = static_cast<int>(blocks.size()) - 1;
        (problem.operations[i].recomputable ? block.operations : block.onceForward).push_back(i);
      }
      start = end + 1;
    }
    // A backward operation belongs to the last block that it reads, and comes
    // no later than its predecessors' blocks.
    int current = static_cast<int>(blocks.size()) - 1;
    for (int i = start; i < problem.size(); ++i) {
      int block = -1;
      for (int input : problem.operations[i].inputs)
        block = std::max(block, blockOf[input]);
      current = block < 0 ? current : std::min(current, block);
      blocks[current].backward.push_back(i);
    }
    std::vector<int> last = lastUses(problem);
    for (Block &block : blocks)
      measure(block, last);
  }

  void measure(Block &block, const std::vector<int> &last) {
    const std::vector<Operation> &operations = problem.operations;
    int64_t all = 0;
    for (int i : block.operations) {
      block.cost += double(operations[i].cost);
      all += operations[i].bytes;
    }
    block.outputBytes = operations[block.operations.back()].bytes;
    // Forward: each value lives until its last reader inside the block.
    int first = block.operations.front(), output = block.operations.back();
    std::vector<int> lastInside(problem.size(), -1);
    for (int i : block.operations)
      for (int input : operations[i].inputs)
        lastInside[input] = i;
    lastInside[output] = output;
    for (int i : block.operations) {
      int64_t bytes = operations[i].workspace + operations[i].bytes;
      for (int j : block.operations)
        if (j < i && lastInside[j] >= i)
          bytes += operations[j].bytes;
      block.forwardPeak = std::max(block.forwardPeak, bytes);
    }
    // Backward: everything of the block, and the gradients beside it.
    for (int i : block.backward) {
      int64_t bytes = operations[i].workspace + operations[i].bytes;
      for (int j = first; j < i; ++j)
        if (!operations[j].recomputable && last[j] >= i)
          bytes += operations[j].bytes;
      for (int j : block.operations)
        if (last[j] >= i)
          bytes += operations[j].bytes;
      block.backwardPeak = std::max(block.backwardPeak, bytes);
    }
    // Save-sets: drop what costs least a byte, one more each time, but never
    // the output.
    std::vector<int> inner(block.operations.begin(), block.operations.end() - 1);
    std::stable_sort(inner.begin(), inner.end(), [&](int a, int b) {
      return double(operations[a].cost) * double(operations[b].bytes) <
             double(operations[b].cost) * double(operations[a].bytes);
    });
    SaveSet set;
    set.bytes = all;
    block.saveSets.push_back(set);
    for (int i : inner) {
      set.dropped.push_back(i);
      set.extraCost += double(operations[i].cost);
      set.bytes -= operations[i].bytes;
      if (operations[i].bytes > 0)
        block.saveSets.push_back(set);
    }
  }

  void fill(size_t s, size_t t, int m) {
    Entry best;
    const Block &first = blocks[s];
    if (inUnits(std::max(first.forwardPeak, first.backwardPeak)) <= m) {
      if (s == t) {
        best = {first.cost, 0, -1};
      } else {
        for (size_t o = 0; o < first.saveSets.size(); ++o) {
          int left = m - inUnits(first.saveSets[o].bytes);
          if (left < 0)
            continue;
          double cost = first.cost + first.saveSets[o].extraCost + entry(s + 1, t, left).cost;
          if (cost < best.cost)
            best = {cost, static_cast<int>(o), -1};
        }
      }
    }
    double forward = 0;
    for (size_t split = s + 1; split <= t; ++split) {
      const Block &passed = blocks[split - 1];
      int64_t input = split - 1 > s ? blocks[split - 2].outputBytes : 0;
      if (inUnits(passed.forwardPeak + input) > m)
        break;
      forward += passed.cost;
      int left = m - inUnits(passed.outputBytes);
      if (left < 0)
        continue;
      double cost = forward + entry(split, t, left).cost + entry(s, split - 1, m).cost;
      if (cost < best.cost)
        best = {cost, -1, static_cast<int>(split)};
    }
    entry(s, t, m) = best;
  }

  void emit(int i) {
    sequence.push_back(i);
    available[i] = ran[i] = 1;
  }
  void ensure(int i) {
    if (available[i])
      return;
    for (int input : problem.operations[i].inputs)
      ensure(input);
    emit(i);
  }

  /// Runs a block forward as far as it is not at hand; the first time with all
  /// that belongs to the forward pass.
  void forward(const Block &block) {
    if (!ran[block.operations.back()]) {
      std::vector<int> all = block.operations;
      all.insert(all.end(), block.onceForward.begin(), block.onceForward.end());
      std::sort(all.begin(), all.end());
      for (int i : all)
        ensure(i);
    } else {
      ensure(block.operations.back());
    }
  }

  void process(size_t s, size_t t, int m) {
    const Entry now = entry(s, t, m);
    if (now.splitAt >= 0) {
      size_t split = now.splitAt;
      for (size_t j = s; j < split; ++j) {
        forward(blocks[j]);
        for (int i : blocks[j].operations)
          if (i != blocks[j].operations.back())
            available[i] = 0;
        if (j > s)
          available[blocks[j - 1].operations.back()] = 0;
      }
      process(split, t, m - inUnits(blocks[split - 1].outputBytes));
      process(s, split - 1, m);
      return;
    }
    const Block &block = blocks[s];
    bool first = !ran[block.operations.back()];
    if (s < t || first) {
      // What is saved was at hand while the block ran forward.
      if (!first)
        for (int i : block.operations)
          ensure(i);
      forward(block);
    }
    if (s < t) {
      const SaveSet &set = block.saveSets[now.saveSet];
      for (int i : set.dropped)
        available[i] = 0;
      process(s + 1, t, m - inUnits(set.bytes));
    }
    for (int i : block.backward) {
      for (int input : problem.operations[i].inputs)
        ensure(input);
      emit(i);
    }
    for (int i : block.operations)
      available[i] = 0;
  }

  const Problem &problem;
  std::vector<Block> blocks;
  std::vector<Entry> table;
  int64_t unit = 1;
  Sequence sequence;
  std::vector<char> ran, available;
};

} // namespace

void searchChain(const Problem &problem, Best &best, const Clock &clock) {
  Chain chain(problem);
  if (chain.empty())
    return;
  // The table counts peaks from above: look over the budget too.
  chain.run(best.budget + best.budget / 4);
  for (int m = units; m > 0 && chain.feasible(m) && clock.left() > 0; --m)
    best.offer(chain.schedule(m), "chain");
}

} // namespace autopar::remat
