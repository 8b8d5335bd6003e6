// The sharding problem as plain data: one strategy a node, costs on nodes and
// on edges, memory over life times. It knows nothing of MLIR, so that a problem
// can be dumped, replayed and solved alone, and so that the checker below can
// judge any solution, whoever found it.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_PROBLEM_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_PROBLEM_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace autopar::ilp {

/// A cost in the caller's unit: the compiler counts nanoseconds, the contest
/// its own unit.
using Cost = int64_t;
using Bytes = int64_t;
using Time = int64_t;
/// Sums of costs and of bytes: 60,000 nodes overflow 64 bits.
using Int128 = __int128;

/// A node or edge cost of this much or more means "never".
inline constexpr Cost never = 1'000'000'000'000'000'000;

/// Memory that a node holds over the half-open interval [begin, end).
/// An interval with begin == end holds nothing.
struct Use {
  Time begin = 0;
  Time end = 0;
  std::vector<Bytes> bytes; // [strategies of the node]
};

struct Node {
  std::string name;                    // may be empty
  std::vector<Cost> costs;             // [strategies], at least one
  std::vector<Use> uses;               // any number
  std::vector<std::string> strategies; // names for dumps: empty, or one each
};

/// What two nodes' strategies cost together. Several edges may join the same
/// pair; their costs add up. Of an edge from a node to itself the diagonal
/// counts.
struct Edge {
  int from = 0;
  int to = 0;
  std::vector<Cost> costs; // [strategies of from][strategies of to], row-major
};

struct Problem {
  std::string name;
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  /// At every time, what the living uses hold together may not exceed it.
  std::optional<Bytes> usageLimit;

  /// "conv1" where the node has a name, "node 17" where it has none.
  std::string nodeName(int node) const;
  /// "S01R" where the strategy has a name, "strategy 3" where it has none.
  std::string strategyName(int node, int strategy) const;
};

/// The first thing wrong with the problem's form, with its place: a node
/// without a strategy, a ragged matrix, an index out of range, a negative
/// interval, negative bytes. Nothing where the form is right.
std::optional<std::string> validate(const Problem &problem);

/// The strategy of each node.
using Solution = std::vector<int>;

/// A solution replayed on the problem as it was given.
struct Evaluation {
  Int128 cost = 0;   // meaningful unless a "never" was hit
  Int128 peak = 0;   // largest sum of bytes at any time
  Time peakTime = 0; // the first time at which it is reached
  bool feasible = false;
  std::string whyNot; // names the nodes and both values; empty when feasible
};

/// Replays `solution`; trusts nothing but `validate(problem)`.
Evaluation check(const Problem &problem, const Solution &solution);

/// Decimal digits of a 128-bit sum.
std::string toString(Int128 value);

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_PROBLEM_H
