// The options that all experiments share: what is compiled, for what, and how it is measured.
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_COMMANDLINE_H
#define AUTOPAR_COMPILER_EXPERIMENTS_COMMANDLINE_H

#include "compiler/driver/TextOption.h"
#include "compiler/experiments/Measurement.h"

#include "llvm/Support/CommandLine.h"

namespace autopar {

struct ExperimentLine {
  llvm::cl::OptionCategory category{"Experiment options"};

  TextOption mesh{"mesh", llvm::cl::desc("Ranks along one to three axes, as in 4 or 2x4"),
                  llvm::cl::init("1"), llvm::cl::cat(category)};
  TextOption target{"target", llvm::cl::desc("cpu or cuda (cpu)"), llvm::cl::init("cpu"),
                    llvm::cl::cat(category)};
  TextOption precision{"precision",
                       llvm::cl::desc("Of activations: f32, tf32, bf16 or fp16 (f32)"),
                       llvm::cl::init(CompileOptions().precision), llvm::cl::cat(category)};
  TextOption device{"device",
                    llvm::cl::desc("Device model to plan for: a preset or a JSON file"),
                    llvm::cl::value_desc("name or file"), llvm::cl::cat(category)};
  llvm::cl::opt<double> time{"time", llvm::cl::desc("Seconds for all plans together (45)"),
                             llvm::cl::init(45), llvm::cl::cat(category)};
  TextOption output{"out", llvm::cl::desc("Folder for files and pictures"),
                    llvm::cl::value_desc("folder"), llvm::cl::cat(category)};

  /// Fails for a mesh that is none, a time that is not above 0, and an --out that is no place for
  /// files.
  llvm::Expected<CompileOptions> compileOptions(int argc, char **argv) const;
};

/// How programs are run.
struct RunLine {
  explicit RunLine(llvm::cl::OptionCategory &category)
      : steps{"steps", llvm::cl::desc("Steps of a run; the first does not count (6)"),
              llvm::cl::init(RunOptions().steps), llvm::cl::cat(category)},
        rounds{"rounds", llvm::cl::desc("Runs of a program; the quickest counts (3)"),
               llvm::cl::init(RunOptions().rounds), llvm::cl::cat(category)},
        oversubscribe{"oversubscribe", llvm::cl::desc("Ranks may share cores"),
                      llvm::cl::cat(category)} {}

  llvm::cl::opt<int64_t> steps, rounds;
  llvm::cl::opt<bool> oversubscribe;

  RunOptions runOptions() const { return {steps, rounds, oversubscribe}; }
};

/// For experiments that may also run what they plan.
struct MeasureLine : RunLine {
  explicit MeasureLine(llvm::cl::OptionCategory &category)
      : RunLine(category), measure{"measure", llvm::cl::desc("Build and run each plan, too"),
                                   llvm::cl::cat(category)} {}

  llvm::cl::opt<bool> measure;

  /// Fails, before any time is spent on plans, where runs are asked for that cannot be made on
  /// `line`'s mesh, whose syntax has been checked.
  llvm::Error check(const ExperimentLine &line) const;
};

/// An error of an option's value, under its name.
llvm::Error inOption(llvm::StringRef option, llvm::Error error);

} // namespace autopar

#endif
