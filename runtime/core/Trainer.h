// The training loop: feed, step, log; evaluate now and then; save at the end.

#ifndef AUTOPAR_CORE_TRAINER_H
#define AUTOPAR_CORE_TRAINER_H

#include "autopar/core/BatchLoader.h"
#include "autopar/core/BatchSource.h"
#include "autopar/core/DataSources.h"
#include "autopar/core/Program.h"
#include "autopar/core/Scalar.h"
#include "autopar/core/TrainingLog.h"

#include <vector>

namespace autopar::inline runtime {

class Trainer {
public:
  /// `program`'s variables must have their first values. All references must
  /// outlive the trainer.
  Trainer(const Options &options, const Description &description, const DataSources &data,
          Rank &rank, Arena &arena, Program &program);

  /// Runs all steps. Throws std::runtime_error, naming the step, when the loss
  /// is not finite.
  void run();

private:
  void trainStep(int64_t step);
  void evaluate(int64_t step);
  void poisonScratch();
  TrainingLog::Summary measure() const;
  void requirePrediction(const TrainingLog::Summary &summary) const;

  const Options &options;
  const Description &description;
  Rank &rank;
  Arena &arena;
  Program &program;

  std::unique_ptr<BatchSource> source;
  std::unique_ptr<BatchLoader> testLoader; ///< null when nothing is evaluated
  std::vector<int64_t> testSamples;        ///< of one batch
  int64_t testSize = 0;
  LearningRate schedule;
  TrainingLog log;

  Scalar learningRate, loss, testLoss, testCorrect;

  double firstStepSeconds = 0;
  double laterStepsSeconds = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TRAINER_H
