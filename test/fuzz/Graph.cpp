// Graphs to recompute on: what is accepted is scheduled, and the schedule holds what it says.
#include "Fuzz.h"

#include "compiler/solvers/remat/Solver.h"

#include <limits>

using namespace autopar::remat;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string error;
  std::optional<Problem> problem = parseProblem(fuzz::text(data, size), error);
  if (!problem || problem->size() > 30)
    return 0;
  SolveOptions options;
  options.timeLimitSeconds = 0.1;
  options.budget = simulate(*problem, originalOrder(*problem)).peak / 4 * 3;
  // CBC is asked one time in so many: it takes longer than all else together.
  options.method = data[size / 2] % 16 ? Method::Chain : Method::Auto;
  Result result = solve(*problem, options);
  bool fits = result.status == Status::Optimal || result.status == Status::Feasible;
  std::optional<std::string> wrong =
      check(*problem, result.sequence,
            fits ? options.budget : std::numeric_limits<int64_t>::max());
  fuzz::require(!wrong, wrong.value_or(""));
  return 0;
}
