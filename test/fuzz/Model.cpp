// Models: text that is accepted is planned, or refused with an error; what is planned has been
// verified, and stays within the budget.
#include "Fuzz.h"
#include "Program.h"

#include "compiler/driver/Compile.h"

using namespace autopar;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Program program(fuzz::text(data, size));
  if (!program.module)
    return 0;
  CompileOptions options;
  // Which of them follows from the text, so that a crash is found again.
  const uint8_t choice = size ? data[size / 2] : 0;
  options.mesh = choice % 2 ? "2" : "1";
  options.target = "cpu";
  options.precision = "f32";
  options.timeLimit = 1;
  options.microBatches = choice % 4 ? 1 : 2;
  const int64_t budget = int64_t(1) << 30;
  options.arenaBudget = budget;
  const int before = program.errors;
  mlir::FailureOr<Compilation> compiled = compile(std::move(program.module), options);
  if (failed(compiled))
    fuzz::require(program.errors > before, "a refusal without a word");
  else
    fuzz::require(compiled->program.memory.arenaBytes >= 0 &&
                      compiled->program.memory.arenaBytes <= budget,
                  "a plan beyond its budget");
  return 0;
}
