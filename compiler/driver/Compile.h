// The compiler as a function: a model's file and wishes in, a planned program out.
#ifndef AUTOPAR_COMPILER_DRIVER_COMPILE_H
#define AUTOPAR_COMPILER_DRIVER_COMPILE_H

#include "compiler/driver/Questions.h"
#include "compiler/solvers/remat/Solver.h"
#include "passes/memory/MemoryReport.h"
#include "passes/schedule/Prediction.h"
#include "passes/sharding/SolveSharding.h"

#include "mlir/IR/BuiltinOps.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace autopar {

struct CompileOptions {
  std::string mesh;
  std::string target = "cuda";
  std::string precision = "f32"; ///< Of activations: f32, tf32, bf16, fp16.
  /// What the loss's gradient is multiplied by to begin with, 0 for nothing; none: as
  /// torch.cuda.amp.GradScaler begins with fp16, nothing otherwise.
  std::optional<double> lossScale;
  std::string device;         ///< A preset or file; empty: the target's own.
  std::string gpu = "h100";   ///< What cuDNN plans for: a preset or file of its properties.
  bool deterministic = false; ///< Whether GPUs add up in the same order each time.
  /// Bytes that a rank's process may take of its device, of which the arena has what the device
  /// model does not reserve; 0: the device's memory.
  int64_t processBudget = 0;
  int64_t arenaBudget = 0; ///< Bytes of a rank's arena, in place of that; 0: not given.
  double timeLimit = 10;   ///< Processor seconds for a solver, each time one is asked.
  int64_t bucketBytes = 25 << 20;
  int64_t microBatches = 1; ///< Batches of the model's size in one step.
  std::string planIn, problemOut;
  std::string printAfter;  ///< A step's name, or empty.
  std::string commandLine; ///< For the emitted header.
};

/// A program with every buffer in its place, and what is known of it.
struct PlannedProgram {
  mlir::OwningOpRef<mlir::ModuleOp> module; ///< After memory planning.
  std::vector<FunctionSharding> shardings;
  Prediction prediction; ///< Of the step.
  MemoryReport memory;
  remat::Result recomputation; ///< Its sequence is empty where none was needed.
  std::string printed;         ///< The program after CompileOptions::printAfter.
};

/// A plan that was tried under a budget.
struct Attempt {
  int64_t shardingLimit = 0; ///< What the sharding was allowed, in bytes; 0: all it wanted.
  int64_t activations = 0;   ///< What recomputation left for activations; 0: without it.
  int64_t arenaBytes = 0;
  double seconds = 0;  ///< Predicted, of a step.
  bool isKept = false; ///< Whether this is the plan that was chosen.
};

struct Compilation {
  PlannedProgram program;
  Mesh mesh;
  std::string device;
  int64_t budget = 0;        ///< Bytes for the arena of one rank.
  int64_t reserve = 0;       ///< Bytes for what its process takes beside the arena.
  std::string reserveSource; ///< Where the device model has that figure from.
  std::vector<Attempt> attempts;
  double passSeconds = 0;
  std::optional<MemoryWorth> memoryWorth; ///< Where a report asked for it.

  /// Bytes for all that a rank's process takes of its device.
  int64_t processBudget() const { return budget + reserve; }
};

/// The device model that plans are for, a preset or file: the target's own where none is named.
llvm::StringRef deviceOf(const CompileOptions &options);

/// Bytes that stay from a step's start to its end: variables and inputs. What is left of the
/// largest live set are the activations, in the wide sense of recomputation's literature.
int64_t residentBytes(const MemoryReport &memory);

/// The compilation's plan as a file for --plan-in.
PlanFile planOf(const Compilation &compilation);

/// Takes the model down the road to memory planning. Diagnostics go to the context's handler.
mlir::FailureOr<Compilation> compile(mlir::OwningOpRef<mlir::ModuleOp> model,
                                     const CompileOptions &options);

/// A model made ready once, to be planned under several budgets. What does not depend on the
/// budget (differentiation, the fastest sharding) is done once.
class Compiler {
public:
  /// Null, after a diagnostic, for an unknown target, mesh or device, or a model that cannot be
  /// differentiated.
  static std::unique_ptr<Compiler> create(mlir::OwningOpRef<mlir::ModuleOp> model,
                                          const CompileOptions &options);
  ~Compiler();

  /// The fastest plan within the budget. Where none fits it fails, and `*least`,
  /// where given, is the smallest program there was in place of a diagnostic.
  mlir::FailureOr<Compilation> plan(MemoryReport *least = nullptr);

  /// What may change from one plan to the next. The budget is the arena's.
  void setBudget(int64_t bytes);
  void setTimeLimit(double seconds);

  const CompileOptions &options() const;

  /// What the options come to: bytes of a rank's process, and of them its arena's.
  int64_t processBudget() const;
  int64_t arenaBudget() const;

private:
  struct State;
  explicit Compiler(std::unique_ptr<State> state);
  std::unique_ptr<State> state;
};

} // namespace autopar

#endif
