// The command line of every emitted program.

#ifndef AUTOPAR_CORE_OPTIONS_H
#define AUTOPAR_CORE_OPTIONS_H

#include "autopar/core/checkpoint/CheckpointFolder.h"
#include "autopar/core/Dataset.h"
#include "autopar/core/Description.h"
#include "autopar/core/guard/OnBadStep.h"
#include "autopar/core/LearningRate.h"
#include "autopar/core/SaveInterval.h"
#include "autopar/core/Target.h"

#include <optional>
#include <string>
#include <vector>

namespace autopar::inline runtime {

struct Options {
  bool help = false;
  std::string data;     ///< a folder, a token file or "synthetic"; empty when not given
  std::string testData; ///< a token file
  std::string fixedBatch;
  std::optional<int64_t> steps;
  std::optional<int64_t> epochs;
  std::optional<double> learningRate;
  LearningRate::Schedule schedule = LearningRate::Schedule::Constant;
  int64_t warmup = 0;
  std::optional<int64_t> stepSize;
  double gamma = 0.1;
  uint64_t seed = 0;
  bool hasSeed = false;     ///< by --seed
  int64_t evalEvery = 0;    ///< 0: at the end only
  int64_t evalBatches = 20; ///< of a text
  bool augment = false;
  std::optional<std::array<double, Sample::channels>> mean;
  std::optional<std::array<double, Sample::channels>> deviation;
  std::string init;   ///< weights that a run begins with
  std::string resume; ///< a checkpoint, or a folder of them, that it goes on from
  std::string save;
  std::string checkpoints; ///< a folder
  SaveInterval saveEvery;  ///< not only where the run ends or is stopped
  KeptCheckpoints kept;
  std::optional<int64_t> stopAfter; ///< steps of this run
  OnBadStep onNan = OnBadStep::Stop;
  std::optional<double> spike;    ///< times the median of the last losses
  int64_t checkReplicas = 1000;   ///< steps between two checks; 0: there is none
  std::string log;
  std::string timeline;
  bool verify = false;
  TargetOptions ofTarget;
  TargetOptions outputsOfTarget; ///< those of them that are files to write

  /// What all ranks must be told alike, of each such option: "with --steps 6", "without --save".
  std::vector<std::string> shared;

  /// Reads the command line and, for --data, the variable DATA. Throws
  /// std::invalid_argument naming the option, the value and what would do; for
  /// an unknown option, the nearest name.
  static Options parse(int argc, const char *const *argv,
                       std::span<const TargetOption> ofTarget = {});

  /// What --help prints.
  static std::string helpText(const Description &description,
                              std::span<const TargetOption> ofTarget = {});
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_OPTIONS_H
