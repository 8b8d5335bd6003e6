// What an emitted program says of itself when it runs: the other half of every prediction.
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_MEASUREMENT_H
#define AUTOPAR_COMPILER_EXPERIMENTS_MEASUREMENT_H

#include "compiler/driver/Compile.h"

#include "llvm/Support/Error.h"

namespace autopar {

struct Measurement {
  int64_t processBytes = 0;        ///< Of a rank's process at its peak, the largest of all.
  int64_t besideArenaBytes = 0;    ///< Of them what is not its arena: libraries, MPI.
  std::vector<double> stepSeconds; ///< Of each step but the first.

  double medianSeconds() const;
};

/// Of the values' sorted order the middle one, or the mean of the two; 0 where there are none.
double median(std::vector<double> values);

struct RunOptions {
  int64_t steps = 6;          ///< At least two: the first one warms up.
  int64_t rounds = 3;         ///< Runs of a program, of which the quickest counts.
  bool oversubscribe = false; ///< Whether ranks may share cores.
};

/// Says, before anything is compiled, what will not run: more ranks than cores, too few steps.
llvm::Error checkRun(int64_t ranks, const RunOptions &options);

/// Emits the plan's program to FOLDER/program, and builds it there as FOLDER/train_rank. With
/// `callTimes` it times each call of its step and writes the times to that file.
llvm::Error buildPlan(const Compilation &plan, const CompileOptions &options,
                      llvm::StringRef model, llvm::StringRef folder,
                      llvm::StringRef callTimes = "");

/// Runs FOLDER/train_rank on synthetic data, under mpirun where it has several ranks. Its log
/// stays as FOLDER/log.jsonl. `more` are further arguments of the program.
llvm::Expected<Measurement> runPlan(int64_t ranks, llvm::StringRef folder,
                                    const RunOptions &options,
                                    llvm::ArrayRef<std::string> more = {});

llvm::Expected<Measurement> readLog(llvm::StringRef text);

/// A plan and the folder that its program is built and run in.
struct Trial {
  const Compilation *plan;
  std::string folder;
};

/// Builds all programs, then runs them one after the other, in so many rounds: what else the
/// machine does in a while slows one round of all, not all rounds of one. A program's
/// measurement is that of its quickest round by the median step. In the trials' order.
llvm::Expected<std::vector<Measurement>> measureTrials(llvm::ArrayRef<Trial> trials,
                                                       const CompileOptions &options,
                                                       llvm::StringRef model,
                                                       const RunOptions &run);

} // namespace autopar

#endif
