// What a run says: lines for people on rank 0's terminal, JSON lines for
// programs in --log's file. The other ranks' logs are silent.

#ifndef AUTOPAR_CORE_TRAININGLOG_H
#define AUTOPAR_CORE_TRAININGLOG_H

#include "autopar/core/ArenaWatch.h"
#include "autopar/core/Description.h"
#include "autopar/core/ProcessBytes.h"

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

namespace autopar::inline runtime {

class TrainingLog {
public:
  /// A loss that is scaled.
  struct Scaling {
    double lossScale;
    int64_t skippedSteps; ///< of this run, whose gradients were not finite
  };

  struct Step {
    int64_t step; ///< counted from 1, over all runs of the model
    double loss;
    double learningRate;
    std::optional<Scaling> scaling = std::nullopt;
    double samplesPerSecond;
    std::optional<Touched> touched; ///< of the arena, where it is watched
  };

  struct Evaluation {
    int64_t step;
    double loss;                    ///< mean over the test samples
    std::optional<int64_t> correct; ///< of images
    int64_t samples;
    double seconds;
  };

  struct Summary {
    ProcessBytes process;           ///< of each figure the largest of all ranks
    std::string_view account;       ///< whose figures these are
    std::optional<Touched> touched; ///< most of any step of any rank, where it is watched
    double firstStepSeconds;
    double meanStepSeconds; ///< of the later steps, or of the only one
  };

  /// Opens `file` unless it is empty or this is not rank 0: anew, or behind the lines of the
  /// steps that the run goes on after. `unit` is what throughput counts.
  /// Throws std::runtime_error when it cannot be written, or is no log to go on in.
  TrainingLog(bool speaks, const std::string &file, std::optional<int64_t> goesOnAfter,
              std::string_view unit);
  ~TrainingLog();
  TrainingLog(const TrainingLog &) = delete;
  TrainingLog &operator=(const TrainingLog &) = delete;

  void begin(const Description &description, int threads, int64_t steps, int64_t stepsBefore);

  /// Logs every step, prints the first, the last and about one a second.
  void step(const Step &record, bool last);
  void evaluation(const Evaluation &record, const Description &description);
  /// What became of a scaled loss in so many steps.
  void scaled(const Scaling &scaling, int64_t steps);
  /// A bad step, which has been undone with all that it read.
  void skipped(int64_t step, const std::string &fault);
  /// From a bad step, so that those behind `to` are done again.
  void rewound(int64_t step, int64_t to, const std::string &fault);
  /// How often that was, in so many steps.
  void guarded(int64_t steps, int64_t skipped, int64_t rewinds);
  void end(const Description &description, const Summary &summary);
  void saved(int64_t step, const std::string &path, double heldUpSeconds, double seconds);
  void say(const std::string &line);
  void warn(const std::string &line);

  /// Whether an evaluation after the step that a run goes on from stands in its file.
  bool isEvaluatedBefore() const { return evaluatedBefore; }

private:
  void writeLine(const std::string &line);
  void imagesEvaluated(const Evaluation &record);
  void lossEvaluated(const Evaluation &record);
  void textEvaluated(const Evaluation &record, int64_t vocabulary);

  bool speaks;
  std::string path;
  std::string unit;
  std::FILE *stream = nullptr;
  bool evaluatedBefore = false;
  std::chrono::steady_clock::time_point lastPrinted = {};
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TRAININGLOG_H
