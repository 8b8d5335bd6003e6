// Sharding problems: what is accepted is solved, and a solution called feasible is.
#include "Fuzz.h"

#include "compiler/solvers/ilp/ContestJson.h"
#include "compiler/solvers/ilp/Solver.h"

using namespace autopar::ilp;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string error;
  std::optional<Problem> problem = parseContestProblem(fuzz::text(data, size), error);
  if (!problem)
    return 0;
  SolveOptions options;
  options.threads = 1;
  options.workLimit = 200'000;
  options.timeLimitSeconds = 5;
  SolveResult result = solve(*problem, options);
  if (!result.solution.empty())
    fuzz::require(check(*problem, result.solution).feasible, "an infeasible solution");
  return 0;
}
