// Problems in the form of the ASPLOS/EuroSys 2025 contest on intra-operator
// parallelism (github google/iopddl), so that ours can be measured by others
// and theirs by us. Reads plain and gzip-compressed JSON.

#ifndef AUTOPAR_COMPILER_SOLVERS_ILP_CONTESTJSON_H
#define AUTOPAR_COMPILER_SOLVERS_ILP_CONTESTJSON_H

#include "compiler/solvers/ilp/Problem.h"

#include <string_view>

namespace autopar::ilp {

/// Reads a file; on failure nothing, and `error` has the place and the fault.
std::optional<Problem> readContestProblem(const std::string &path, std::string &error);

/// The same from text in memory.
std::optional<Problem> parseContestProblem(std::string_view text, std::string &error);

/// Reads a solution: the last line of a file that begins with '[', as
/// autopar-solve prints it. It must have a strategy of each of the problem's
/// nodes; whether it is feasible is for check() to say.
std::optional<Solution> readSolution(const std::string &path, const Problem &problem,
                                     std::string &error);

/// Writes a problem, compressed where the path ends in ".gz"; false, with
/// `error`, where the file cannot be written. The contest's nodes have one use
/// each: further uses become extra nodes at the end, tied to theirs by an edge
/// that is finite on the diagonal only. A solution's first entries stay ours.
/// "names" and "strategies", names of each, are additions that other readers skip.
bool writeContestProblem(const Problem &problem, const std::string &path, std::string &error);

/// "[0, 2, 1]"
std::string printSolution(const Solution &solution);

} // namespace autopar::ilp

#endif // AUTOPAR_COMPILER_SOLVERS_ILP_CONTESTJSON_H
