// Exact reductions of the working model: what they remove can be put back by
// the trail without loss, so the optimum stays the optimum. Each rule's proof
// is in docs/ShardingIlp.md.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_PRESOLVE_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_PRESOLVE_H

#include "compiler/solvers/ilp/Clock.h"
#include "compiler/solvers/ilp/Model.h"
#include "compiler/solvers/ilp/Solver.h"

#include <deque>

namespace autopar::ilp {

class Presolve {
public:
  /// Counts into `stats` what it does to `model`.
  Presolve(Model &model, PresolveStats &stats);

  /// Applies every rule until none finds anything; stops early, in a valid
  /// state, once the clock has run out.
  void run(Clock &clock);

  /// Applies the rules that hold whatever the usage limit is.
  void runForAnyLimit(Clock &clock);

  /// Marks a variable that was changed from outside for the next run().
  void touch(int variable);

private:
  void visit(int variable);
  Work workOf(int variable) const;
  bool makeConsistent(int variable);
  void removeStrategies(int variable, const std::vector<char> &keep);
  bool normalize(int link);
  bool absorbSingle(int variable);
  bool dropDominated(int variable);
  bool mergeFollower(int variable);
  bool mergeAsFollower(int follower, int leader, int link, const std::vector<int> &chosen);
  bool eliminateLeaf(int variable);
  bool eliminatePath(int variable);
  void fail(int variable);

  /// Memory rules: moments that cannot exceed the limit are dropped, as are
  /// strategies that exceed it with the least of everything else.
  bool reduceMemory();
  bool dropUnaffordable(int variable);
  void dropMoments(const std::vector<char> &keep);

  bool usesNoMore(const Variable &variable, int s, int t) const;

  Model &model;
  PresolveStats &stats;
  std::deque<int> queue;
  std::vector<char> queued;
};

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_PRESOLVE_H
