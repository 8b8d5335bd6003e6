// The working copy of a problem that presolve shrinks: variables with the
// strategies still possible, links between them, and memory at the moments
// that can still matter. A trail of what was done turns a choice for what is
// left back into a solution of the original problem.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_MODEL_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_MODEL_H

#include "compiler/solvers/ilp/Problem.h"

#include <optional>
#include <unordered_map>

namespace autopar::ilp {

/// Memory of a variable over the moments [begin, end), beyond what it holds
/// whatever it chooses.
struct Segment {
  int begin = 0;
  int end = 0;
  std::vector<Bytes> bytes; // [strategies]
};

struct Variable {
  std::vector<Cost> costs;       // [strategies]
  std::vector<int> ids;          // [strategies]: names on the trail
  std::vector<Segment> segments; // sorted and disjoint while `tidy`
  std::vector<int> links;        // living links only
  int idCount = 0;               // ids are below it
  bool alive = true;
  bool tidy = false;

  int size() const { return static_cast<int>(costs.size()); }
};

/// Costs between two living variables; `never` marks impossible pairs.
struct Link {
  int a = 0;
  int b = 0;
  std::vector<Cost> costs; // [strategies of a][strategies of b]
  bool alive = true;
};

/// A link as one of its ends sees it.
class LinkView {
public:
  LinkView(const Link &link, bool fromA, int sizeA, int sizeB)
      : data(link.costs.data()), other(fromA ? link.b : link.a), rows(fromA ? sizeA : sizeB),
        columns(fromA ? sizeB : sizeA), rowStride(fromA ? sizeB : 1),
        columnStride(fromA ? 1 : sizeB) {}

  /// Cost of own strategy `s` against the other end's `t`.
  Cost operator()(int s, int t) const {
    return data[static_cast<size_t>(s) * rowStride + static_cast<size_t>(t) * columnStride];
  }

private:
  const Cost *data;

public:
  int other;
  int rows, columns;

private:
  int rowStride, columnStride;
};

/// How to undo what presolve did, last step first.
class Trail {
public:
  /// `variable` takes strategy `id` whatever the others do.
  void fix(int variable, int id);
  /// `variable` follows `leader`: table[i] goes with leaderIds[i].
  void follow(int variable, int leader, std::vector<int> leaderIds, std::vector<int> table);
  /// `variable` follows two: table[i * idsOfB.size() + j] goes with idsOfA[i], idsOfB[j].
  void followTwo(int variable, int a, int b, std::vector<int> idsOfA, std::vector<int> idsOfB,
                 std::vector<int> table);

  /// Fills in the variables that are gone; `choice` holds ids of those alive.
  void replay(std::vector<int> &choice) const;

private:
  struct Step {
    int variable, a = -1, b = -1;
    std::vector<int> idsOfA, idsOfB, table;
  };
  std::vector<Step> steps;
};

/// Why no choice of strategies is one.
struct NoChoice {
  enum Reason { Forbidden, Costs, Memory } reason;
  std::optional<int> node = std::nullopt; // of the problem: it has no strategy left
};

class Model {
public:
  /// Takes over the strategies that may be chosen at all. Memory is left out
  /// where `withMemory` is false or the problem has no limit.
  Model(const Problem &problem, bool withMemory);

  std::vector<Variable> variables;
  std::vector<Link> links;
  Int128 constant = 0; // cost of what is decided already

  bool limited = false;
  Int128 limit = 0;
  std::vector<Int128> held; // [moments]: memory that no choice changes
  std::vector<Time> times;  // [moments]: the problem's own time

  std::optional<NoChoice> infeasible;

  Trail trail;

  LinkView view(int link, int from) const {
    const Link &l = links[link];
    return LinkView(l, l.a == from, variables[l.a].size(), variables[l.b].size());
  }
  int otherEnd(int link, int from) const {
    return links[link].a == from ? links[link].b : links[link].a;
  }
  /// The living link between two variables, or -1.
  int findLink(int a, int b) const;

  /// Adds costs [strategies of a][strategies of b] to the pair's one link.
  int addLink(int a, int b, const std::vector<Cost> &costs);
  void removeLink(int link);
  /// Keeps the strategies of `variable` with keep[s], in all that mentions them.
  void restrict(int variable, const std::vector<char> &keep);
  /// Takes a variable without links and without segments out of the model.
  void retire(int variable);
  /// Adds memory of `variable` over [begin, end).
  void addSegment(int variable, int begin, int end, std::vector<Bytes> bytes);
  /// Makes a variable's segments sorted and disjoint, moves what every strategy
  /// holds into `held`, and drops what is zero.
  void tidySegments(int variable);

  /// A choice of local strategy indices of the living variables, made whole.
  Solution expand(const std::vector<int> &choice) const;

  /// Costs of all variables' strategies, [variables][strategies].
  std::vector<std::vector<Cost>> unaryCosts() const;

  Int128 costOf(const std::vector<int> &choice) const;

  /// Of all links: what a copy takes.
  int64_t cells() const;

private:
  void buildMoments(const Problem &problem);
  static uint64_t key(int a, int b) {
    return (static_cast<uint64_t>(std::min(a, b)) << 32) | static_cast<uint32_t>(std::max(a, b));
  }
  std::unordered_map<uint64_t, int> pairs;
};

/// never is absorbing; everything finite stays far below it (see Model.cpp).
inline Cost add(Cost x, Cost y) { return x >= never || y >= never ? never : x + y; }

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_MODEL_H
