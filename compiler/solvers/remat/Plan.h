// A plan says, at a few moments of the original order, which values are
// resident, and between two moments which are computed again. It is coarser
// than a schedule: what the ILP decides, and what a schedule can be read as.
#ifndef AUTOPAR_COMPILER_SOLVERS_REMAT_PLAN_H
#define AUTOPAR_COMPILER_SOLVERS_REMAT_PLAN_H

#include "compiler/solvers/remat/Schedule.h"

namespace autopar::remat {

/// Moments are operations t_0 < t_1 < …; stage k begins with t_k and ends
/// before t_{k+1}.
struct Plan {
  std::vector<int> moments;
  /// [k][i]: value i is resident while t_k runs.
  std::vector<std::vector<char>> resident;
  /// [k][i]: i is computed again in stage k.
  std::vector<std::vector<char>> again;
};

/// The schedule of a plan: each value is computed again just before its first
/// use in the stage, or, if only later stages want it, at the stage's end.
/// Sound for any plan: what a plan forgot to compute is computed too.
Sequence decode(const Problem &problem, const Plan &plan);

/// Moves recomputations to later stages where nothing in their own asks for
/// them and what they read is still there. Never costs more; less is resident.
void postpone(const Problem &problem, Plan &plan);

/// Reads a schedule at the given moments.
Plan readPlan(const Problem &problem, const Sequence &sequence, const std::vector<int> &moments);

/// Where the backward pass begins: the first operation that may not run again, what is there from
/// the start (it reads nothing) left aside. The problem's size where there is none.
int backwardBegin(const Problem &problem);

/// For each operation the last one in the original order that reads its
/// value; itself where none does.
std::vector<int> lastUses(const Problem &problem);

} // namespace autopar::remat

#endif
