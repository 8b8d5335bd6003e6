// The problem as the integer program one can read: variables carry the names of
// nodes and strategies, so that another solver, or a person, can look at it.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_LPFILE_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_LPFILE_H

#include "compiler/solvers/ilp/Problem.h"

namespace autopar::ilp {

/// The whole problem, before any presolve, in CPLEX's LP format:
///
///   Minimize obj: 12 conv1.S0R + 14 conv1.RR + 30 p0(0,1) ...
///   Subject To  conv1: conv1.S0R + conv1.RR = 1
///               p0(0,): p0(0,0) + p0(0,1) - conv1.S0R = 0
///               memory(17): 4096 conv1.S0R + 8192 conv1.RR <= 100000
///   Binary      conv1.S0R conv1.RR
///
/// p0(0,1) is edge 0 with the first strategy of one end and the second of the other.
/// Memory has a row at each time at which something begins. What may never be is
/// left out. Characters that the format has not become '_', and a name that is
/// taken already has its node's number added.
std::string printLp(const Problem &problem);

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_LPFILE_H
