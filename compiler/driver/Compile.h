// The compiler as a function: a model's file and wishes in, a program's folder out.
#ifndef AUTOPAR_COMPILER_DRIVER_COMPILE_H
#define AUTOPAR_COMPILER_DRIVER_COMPILE_H

#include "passes/schedule/Prediction.h"
#include "compiler/remat/Solver.h"
#include "passes/memory/MemoryReport.h"
#include "passes/sharding/SolveSharding.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace autopar {

struct CompileOptions {
  std::string mesh;
  std::string target = "cuda";
  std::string device;         ///< A preset or file; empty: the target's own.
  int64_t memoryBudget = 0;   ///< Bytes a rank may use; 0: the device's memory.
  double timeLimit = 10;      ///< Seconds for the sharding solver, each time it is asked.
  int64_t bucketBytes = 25 << 20;
  std::string planIn, problemOut;
  std::string printAfter;     ///< A step's name, or empty.
  std::string commandLine;    ///< For the emitted header.
};

/// What one round of sharding and planning came to.
struct Round {
  int64_t limit = 0;       ///< What the sharding was allowed, in bytes; 0: all it wanted.
  int64_t activations = 0; ///< What recomputation left for activations; 0: without it.
  int64_t arenaBytes = 0;
  double seconds = 0;
};

struct Compilation {
  mlir::OwningOpRef<mlir::ModuleOp> module; ///< After memory planning.
  Mesh mesh;
  std::string device;
  int64_t budget = 0;
  std::vector<FunctionSharding> shardings;
  Prediction prediction;                    ///< Of the step.
  MemoryReport memory;
  remat::Result recomputation;              ///< Its sequence is empty where none was needed.
  std::vector<Round> rounds;
  double passSeconds = 0;
};

/// The compilation's plan as a file for --plan-in.
PlanFile planOf(const Compilation &compilation);

/// Takes the model down the road to memory planning. Diagnostics go to the context's handler.
mlir::FailureOr<Compilation> compile(mlir::OwningOpRef<mlir::ModuleOp> model,
                                     const CompileOptions &options);

} // namespace autopar

#endif
