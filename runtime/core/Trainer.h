// The training loop: feed, step, log; evaluate and save now and then, and at the end.

#ifndef AUTOPAR_CORE_TRAINER_H
#define AUTOPAR_CORE_TRAINER_H

#include "autopar/core/ArenaWatch.h"
#include "autopar/core/checkpoint/CheckpointWriter.h"
#include "autopar/core/checkpoint/SavedRun.h"
#include "autopar/core/Data.h"
#include "autopar/core/guard/ReplicaCheck.h"
#include "autopar/core/guard/StepGuard.h"
#include "autopar/core/LearningRate.h"
#include "autopar/core/Program.h"
#include "autopar/core/Scalar.h"
#include "autopar/core/Staging.h"
#include "autopar/core/StopSignal.h"
#include "autopar/core/TrainingLog.h"

#include <chrono>
#include <optional>
#include <vector>

namespace autopar::inline runtime {

/// On a device the host is a step ahead: it puts a step out, makes the next batch ready, and
/// then waits for the step before, so that the device never waits for the host.
class Trainer {
public:
  /// `program`'s variables must have their first values, which are those that `before` left and
  /// `begin` gives them again. All references must outlive the trainer, and `watch`, which is
  /// null where nobody wants to know what is touched.
  Trainer(const Options &options, const Description &description, const Data &data, Rank &rank,
          Arena &arena, Program &program, const SavedRun &before, std::function<void()> begin,
          ArenaWatch *watch);

  /// Runs all steps. Throws std::runtime_error, naming the step, where the run ends at numbers
  /// that are bad.
  void run();

private:
  using Clock = std::chrono::steady_clock;

  /// A step that has been put out, and may still run.
  struct Unfinished {
    int64_t step; ///< of this run, from 0
    double rate;
    int64_t batchesRead; ///< with it
    std::vector<Scalar::Later> losses = {}; ///< each micro-batch has its share
    std::optional<Scalar::Later> lossScale = {}, skippedSteps = {};
    /// When its end was seen, where that was before it is finished.
    std::optional<Clock::time_point> end = {};
  };

  void findLossScale();
  /// Puts the step out, and finishes the one before; or this one too, where what follows is no
  /// step.
  void trainStep(int64_t step);
  /// Waits for it, and logs it.
  void finish(const Unfinished &step, const std::optional<Touched> &touched);
  void finishBefore();
  bool isEvaluatedAfter(int64_t step) const;
  bool isSavedAfter(int64_t step) const;
  bool isComparedAfter(int64_t step) const;
  /// What the run that this one goes on with has not evaluated any more.
  void evaluateBefore();
  /// Looks at what is about to be saved, and compares ranks where that is due.
  void requireGood(bool isToBeSaved);
  /// Where numbers have gone bad: to before they did.
  void goBack();
  /// The seed, and the number of the step (of the micro-batch) that is drawn for.
  void writeState(std::optional<Staging<int64_t>> &to, int64_t number);
  /// Of a scaled loss after a step. Throws std::runtime_error when nothing is left of the scale.
  TrainingLog::Scaling scalingAfter(int64_t step, float scale, float skipped) const;
  void evaluate(int64_t step);
  /// Of a save of --checkpoints that is over. One that failed is told of and does without.
  void tell(const std::optional<CheckpointWriter::Outcome> &save);
  /// Throws std::runtime_error where it cannot be written.
  void keepLastCheckpoint();
  SavedRun savedRun() const;
  /// Nothing without a watch.
  void beginTurn();
  std::optional<Touched> endTurn(const EntryPoint &ran, const std::string &work);
  TrainingLog::Summary measure() const;

  const Options &options;
  const Description &description;
  Rank &rank;
  Arena &arena;
  Program &program;
  ArenaWatch *watch;

  SavedRun before;
  int64_t stepsBefore, batchesBefore = 0;
  int64_t steps = 0; ///< of this run
  int64_t done = 0;  ///< of them
  int64_t ran = 0;   ///< with those that were done in vain, and again
  int64_t batchesRead = 0;
  std::string stopped; ///< by what, where the run ends before its last step
  std::optional<CheckpointWriter> checkpoints;
  std::optional<StopSignal> signal;
  SaveClock saveClock;
  std::unique_ptr<BatchSource> source;
  std::unique_ptr<TestSource> test; ///< null when nothing is evaluated
  LearningRate schedule;
  TrainingLog log;

  Scalar learningRate, loss, testLoss;
  std::optional<Scalar> testCorrect; ///< of images
  std::optional<Scalar> testKept;    ///< where the loss is a mean over labels that are kept
  std::optional<Staging<int64_t>> state, updateState;

  std::optional<Scalar> lossScale, skippedSteps; ///< where the loss is scaled
  float skippedBefore = 0, skippedLast = 0;      ///< before this run, and before this step

  WayBack wayBack;
  StepGuard guard;
  ReplicaCheck replicas;
  /// A step from which the run has to go back.
  struct Bad {
    int64_t number;
    int64_t batchesRead; ///< with it
    std::string fault;
  };
  std::optional<Bad> bad;

  bool isRecorded = false; ///< the timeline
  std::optional<Unfinished> unfinished;
  Clock::time_point since; ///< The step before was finished then, or nothing ran.

  int64_t finished = 0; ///< steps, of those that ran
  double firstStepSeconds = 0;
  double laterStepsSeconds = 0;
  Touched touched; ///< most of any step
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TRAINER_H
