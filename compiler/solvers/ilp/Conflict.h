// What a user asked for, and which of it cannot go together: a smallest set of
// restrictions in conflict, so that the error names what to change.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_CONFLICT_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_CONFLICT_H

#include "compiler/solvers/ilp/Problem.h"

namespace autopar::ilp {

/// The node may take only some of its strategies.
struct Restriction {
  std::string name; // for messages: where it comes from
  int node = 0;
  std::vector<int> allowed;
};

/// Sets the cost of what is not allowed to "never".
void restrict(Problem &problem, const std::vector<Restriction> &restrictions);

struct Conflict {
  enum Kind {
    None,     // all restrictions can be met together
    Found,    // `restrictions` cannot be met together
    Hopeless, // the problem has no solution even without any of them
    Unknown,  // the time was over before it was known whether there is a conflict
  } kind = Unknown;
  std::vector<int> restrictions; // indices, ascending
  /// Without any one of `restrictions` the rest of them can be met; false where
  /// the time was over before that was known.
  bool minimal = false;
};

/// Costs are put aside; the problem's limit counts.
Conflict findConflict(const Problem &problem, const std::vector<Restriction> &restrictions,
                      double timeLimitSeconds = 60);

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_CONFLICT_H
