// A solution before any search, in time that grows with the problem and with nothing else: whatever
// limit runs out later, there is something to return.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_FIRSTSOLUTION_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_FIRSTSOLUTION_H

#include "compiler/solvers/ilp/Problem.h"

#include <functional>

namespace autopar::ilp {

/// Offers a few solutions of finite cost, at first with no regard to memory, then with ever more,
/// until one is taken. Under a usage limit none may be, and where few pairs of strategies go
/// together there may be none to offer. `problem` has been through validate().
void firstSolutions(const Problem &problem, const std::function<bool(const Solution &)> &offer);

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_FIRSTSOLUTION_H
