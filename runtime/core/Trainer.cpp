#include "autopar/core/Trainer.h"

#include "autopar/core/CheckMpi.h"
#include "autopar/core/Checkpoint.h"
#include "autopar/core/FixedBatches.h"
#include "autopar/core/ShuffledBatches.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <stdexcept>

using namespace autopar;

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// As many steps as --steps and --epochs allow; one epoch when neither speaks.
int64_t stepsToRun(const Options &options, const BatchSource &source) {
  if (options.steps && !options.epochs)
    return *options.steps;
  const int64_t ofEpochs = options.epochs.value_or(1) * source.batchesPerEpoch();
  return std::min(options.steps.value_or(ofEpochs), ofEpochs);
}

LearningRate makeSchedule(const Options &options, double base, int64_t steps) {
  if (options.warmup > steps)
    throw std::invalid_argument("--warmup " + std::to_string(options.warmup) +
                                " is longer than the run of " + std::to_string(steps) +
                                " steps");
  return {.base = options.learningRate.value_or(base),
          .schedule = options.schedule,
          .steps = steps,
          .warmup = options.warmup,
          .stepSize = options.stepSize.value_or(1),
          .gamma = options.gamma};
}

} // namespace

Trainer::Trainer(const Options &options, const Description &description,
                 const DataSources &data, Rank &rank, Arena &arena, Program &program)
    : options(options), description(description), rank(rank), arena(arena), program(program),
      log(rank.index() == 0, options.log) {
  const EntryPoint &step = description.step;
  const BatchBuffers buffers(step, rank, arena);
  if (data.train)
    source = std::make_unique<ShuffledBatches>(*data.train, data.normalisation, buffers,
                                               options.seed, options.augment);
  else
    source = std::make_unique<FixedBatches>(options.fixedBatch, buffers, description.classes);
  schedule = makeSchedule(options, description.learningRate, stepsToRun(options, *source));
  learningRate = Scalar(arena, step.findInput("learning_rate"), "learning_rate");
  loss = Scalar(arena, step.findOutput("loss"), "loss");

  const EntryPoint &evaluation = description.evaluate;
  if (!data.test || evaluation.outputs.empty())
    return;
  testLoader = std::make_unique<BatchLoader>(*data.test, data.normalisation,
                                             BatchBuffers(evaluation, rank, arena));
  testSamples.resize(testLoader->target().batch);
  testSize = data.test->size();
  testLoss = Scalar(arena, evaluation.findOutput("loss"), "loss");
  testCorrect = Scalar(arena, evaluation.findOutput("correct"), "correct");
}

void Trainer::run() {
  log.begin(description, rank.threads(), schedule.steps);
  for (int64_t step = 0; step < schedule.steps; ++step) {
    trainStep(step);
    const bool last = step + 1 == schedule.steps;
    const bool due = options.evalEvery && (step + 1) % options.evalEvery == 0;
    if (testLoader && (last || due))
      evaluate(step + 1);
  }
  if (!options.save.empty())
    saveCheckpoint(options.save, description.variables,
                   {{"model", std::string(description.model)},
                    {"steps", std::to_string(schedule.steps)},
                    {"seed", std::to_string(options.seed)}},
                   rank, arena);
  const TrainingLog::Summary summary = measure();
  log.end(description, summary);
  if (options.verify)
    requirePrediction(summary);
}

void Trainer::trainStep(int64_t step) {
  if (options.verify)
    poisonScratch();
  const Clock::time_point start = Clock::now();
  source->load(step);
  learningRate.write(static_cast<float>(schedule.at(step)));
  program.step();
  if (step + 1 < schedule.steps)
    source->prepare(step + 1);
  const double value = loss.read();
  const double seconds = secondsSince(start);
  (step == 0 ? firstStepSeconds : laterStepsSeconds) += seconds;

  if (!std::isfinite(value))
    throw std::runtime_error("step " + std::to_string(step + 1) + ": the loss is " +
                             std::to_string(value) +
                             "; a lower --lr or a longer --warmup may help");
  const auto batch = static_cast<double>(description.step.findInput("images")->shape[0]);
  log.step({.step = step + 1,
            .loss = value,
            .learningRate = schedule.at(step),
            .imagesPerSecond = batch / seconds,
            .peakBytes = arena.peakBytes()},
           step + 1 == schedule.steps);
}

void Trainer::evaluate(int64_t step) {
  const Clock::time_point start = Clock::now();
  const auto batch = static_cast<int64_t>(testSamples.size());
  double lossSum = 0, correct = 0;
  for (int64_t first = 0; first < testSize; first += batch) {
    const int64_t count = std::min(batch, testSize - first);
    std::iota(testSamples.begin(), testSamples.begin() + count, first);
    std::fill(testSamples.begin() + count, testSamples.end(), BatchLoader::noSample);
    if (options.verify)
      poisonScratch();
    testLoader->load(testSamples, std::nullopt);
    testLoader->target().flush();
    program.evaluate();
    // The program divides by the batch, however many rows of it count.
    lossSum += static_cast<double>(testLoss.read()) * static_cast<double>(batch);
    correct += testCorrect.read();
  }
  log.evaluation({.step = step,
                  .loss = lossSum / static_cast<double>(testSize),
                  .correct = std::llround(correct),
                  .samples = testSize,
                  .seconds = secondsSince(start)});
}

void Trainer::poisonScratch() {
  // Between steps only variables hold anything that counts.
  std::vector<std::pair<size_t, size_t>> kept;
  for (const Variable &variable : description.variables)
    kept.emplace_back(variable.offset, variable.offset + variable.bytes);
  std::sort(kept.begin(), kept.end());
  size_t end = 0;
  for (const auto &[begin, behind] : kept) {
    if (begin > end)
      arena.poison(end, begin);
    end = std::max(end, behind);
  }
  arena.poison(end, arena.bytes());
}

TrainingLog::Summary Trainer::measure() const {
  const size_t held = arena.memory().processPeakBytes();
  const size_t ofArena = arena.memory().footprint(arena.bytes());
  uint64_t most[2] = {arena.peakBytes(), held - std::min(held, ofArena)};
  checkMpi(
      MPI_Allreduce(MPI_IN_PLACE, most, 2, MPI_UINT64_T, MPI_MAX, rank.world().communicator));
  const int64_t later = schedule.steps - 1;
  return {.peakBytes = most[0],
          .residentBeyondArena = most[1],
          .firstStepSeconds = firstStepSeconds,
          .meanStepSeconds =
              later ? laterStepsSeconds / static_cast<double>(later) : firstStepSeconds};
}

void Trainer::requirePrediction(const TrainingLog::Summary &summary) const {
  if (summary.peakBytes != description.predicted.peakBytes)
    throw std::runtime_error(
        "the arena's measured peak of " + std::to_string(summary.peakBytes) +
        " bytes is not the predicted " + std::to_string(description.predicted.peakBytes));
}
