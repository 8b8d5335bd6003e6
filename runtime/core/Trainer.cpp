#include "autopar/core/Trainer.h"

#include "autopar/core/checkpoint/Checkpoint.h"
#include "autopar/core/Numbers.h"
#include "autopar/core/Seconds.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

using namespace autopar;

namespace {

/// Where a step finds the seed and its number.
Staging<int64_t> stateOf(const Port &port, Arena &arena) {
  const Shape two = {2};
  if (port.type != DataType::I64 || port.shape != two)
    throw std::invalid_argument("input state is " + std::string(nameOf(port.type)) +
                                toString(port.shape) + ", not I64[2], the seed and the step");
  return Staging<int64_t>(arena, port.offset, two);
}

/// As many steps as --steps and --epochs allow, from the model's first on; one epoch when neither
/// speaks.
int64_t stepsInAll(const Options &options, int64_t stepsPerEpoch) {
  if (options.steps && !options.epochs)
    return *options.steps;
  const int64_t epochs = options.epochs.value_or(1);
  // An epoch of less than a step is one.
  stepsPerEpoch = std::max<int64_t>(stepsPerEpoch, 1);
  if (epochs > mostSteps / stepsPerEpoch)
    throw std::invalid_argument("--epochs " + std::to_string(epochs) + " of " +
                                std::to_string(stepsPerEpoch) + " steps each make more than " +
                                std::to_string(mostSteps) + " steps");
  const int64_t ofEpochs = epochs * stepsPerEpoch;
  return std::min(options.steps.value_or(ofEpochs), ofEpochs);
}

/// What a process may take beside its arena of the memory that it was planned for.
size_t bytesBeside(const Description &description) {
  const Prediction &predicted = description.predicted;
  if (predicted.budgetBytes == 0)
    return std::numeric_limits<size_t>::max();
  const size_t taken = description.arenaBytes + predicted.reserveBytes;
  return predicted.budgetBytes - std::min(taken, predicted.budgetBytes);
}

/// Over all steps, those of the runs before this one too.
LearningRate makeSchedule(const Options &options, double base, int64_t steps) {
  if (options.warmup > steps)
    throw std::invalid_argument("--warmup " + std::to_string(options.warmup) +
                                " is longer than the " + std::to_string(steps) +
                                " steps that the run ends at");
  return {.base = options.learningRate.value_or(base),
          .schedule = options.schedule,
          .steps = steps,
          .warmup = options.warmup,
          .stepSize = options.stepSize.value_or(1),
          .gamma = options.gamma};
}

} // namespace

Trainer::Trainer(const Options &options, const Description &description, const Data &data,
                 Rank &rank, Arena &arena, Program &program, const SavedRun &before,
                 std::function<void()> begin, ArenaWatch *watch)
    : options(options), description(description), rank(rank), arena(arena), program(program),
      watch(watch), before(before), stepsBefore(before.steps.value_or(0)),
      saveClock(options.saveEvery, rank.peers()),
      log(rank.index() == 0, options.log,
          options.resume.empty() ? std::nullopt : std::optional(stepsBefore), data.unit()),
      wayBack(options.checkpoints,
              [this] {
                if (checkpoints)
                  checkpoints->settle();
              }),
      guard(options, description.variables, rank, arena, wayBack, std::move(begin)),
      replicas(description.variables, rank, arena, wayBack) {
  const EntryPoint &step = description.step;
  source = data.train(step, rank, arena);
  batchesBefore = before.samples ? *before.samples / source->samplesPerBatch()
                                 : stepsBefore * description.microBatches;
  const int64_t inAll =
      stepsInAll(options, source->batchesPerEpoch() / description.microBatches);
  schedule = makeSchedule(options, description.learningRate, inAll);
  steps = std::max<int64_t>(inAll - stepsBefore, 0);
  if (options.stopAfter && *options.stopAfter < steps) {
    steps = *options.stopAfter;
    stopped = "--stop-after " + std::to_string(steps);
  }
  if (!options.checkpoints.empty())
    checkpoints.emplace(options.checkpoints, options.kept, description.variables, rank, arena,
                        bytesBeside(description));
  if (!options.checkpoints.empty() || !options.save.empty())
    signal.emplace(rank.peers());
  const EntryPoint &update = description.microBatches > 1 ? description.update : step;
  learningRate = Scalar(arena, update.findInput("learning_rate"), "learning_rate");
  loss = Scalar(arena, step.findOutput("loss"), "loss");

  if (const Port *port = step.findInput("state"))
    state = stateOf(*port, arena);
  if (const Port *port = description.update.findInput("state"))
    updateState = stateOf(*port, arena);
  findLossScale();

  const EntryPoint &evaluation = description.evaluate;
  if (!evaluation.outputs.empty())
    test = data.test(evaluation, rank, arena);
  if (!test)
    return;
  testLoss = Scalar(arena, evaluation.findOutput("loss"), "loss");
  if (const Port *correct = evaluation.findOutput("correct"))
    testCorrect = Scalar(arena, correct, "correct");
  if (const Port *kept = evaluation.findOutput("kept"))
    testKept = Scalar(arena, kept, "kept");
}

void Trainer::findLossScale() {
  for (const Variable &variable : description.variables) {
    if (variable.kind != VariableKind::Slot)
      continue;
    if (variable.name == "loss_scale")
      lossScale = Scalar(arena, variable);
    else if (variable.name == "loss_scale.skipped_steps")
      skippedSteps = Scalar(arena, variable);
  }
  if (skippedSteps)
    skippedBefore = skippedLast = skippedSteps->read();
}

void Trainer::run() {
  if (steps == 0) {
    log.say("step " + std::to_string(stepsBefore) + " was the last; nothing is left to do");
    evaluateBefore();
    return;
  }
  log.begin(description, rank.threads(), steps, stepsBefore);
  evaluateBefore();
  // A driver tells what is held now, and setting up may have taken more than steps do.
  arena.memory().processPeakBytes();
  bool isTold = false;
  while (done < steps && !isTold) {
    trainStep(done++);
    ++ran;
    if (checkpoints)
      tell(checkpoints->poll());
    if (signal && done < steps)
      if (const std::string name = signal->after(ran - 1); !name.empty()) {
        stopped = name;
        isTold = true;
      }
    const bool isDue = saveClock.isDueAfter(ran - 1) && done < steps;
    if (isTold || isDue)
      finishBefore();
    const bool isSaved = isDue || isSavedAfter(done - 1);
    requireGood(/*isToBeSaved=*/isSaved || isTold || done == steps);
    if (bad) {
      goBack();
      continue;
    }
    if (!isTold && isEvaluatedAfter(done - 1))
      evaluate(stepsBefore + done);
    // Behind a step that was undone there is nothing new, and a good one would make room for it.
    if (!isTold && isSaved && !guard.hasUndone()) {
      tell(checkpoints->begin(savedRun()));
      saveClock.restart();
    }
  }
  if (!options.save.empty())
    saveCheckpoint(options.save, description.variables, savedRun().metadata(), rank, arena);
  if (checkpoints)
    keepLastCheckpoint();
  if (!stopped.empty())
    log.say("stopped by " + stopped + " after step " + std::to_string(stepsBefore + done) +
            (signal ? "; --resume " +
                          (options.checkpoints.empty() ? options.save : options.checkpoints) +
                          " goes on"
                    : ""));
  if (lossScale && skippedSteps)
    log.scaled(scalingAfter(stepsBefore + done, lossScale->read(), skippedSteps->read()), done);
  if (options.onNan != OnBadStep::Stop)
    log.guarded(done, guard.skippedSteps(), guard.rewinds());
  const TrainingLog::Summary summary = measure();
  log.end(description, summary);
  if (const std::string excess = excessOf(description, summary.process);
      !excess.empty()) {
    if (options.verify)
      throw std::runtime_error(excess);
    log.warn(excess);
  }
}

bool Trainer::isEvaluatedAfter(int64_t step) const {
  const bool isLast = step + 1 == steps && stopped.empty();
  return test &&
         (isLast || (options.evalEvery && (stepsBefore + step + 1) % options.evalEvery == 0));
}

bool Trainer::isSavedAfter(int64_t step) const {
  return options.saveEvery.steps && (stepsBefore + step + 1) % options.saveEvery.steps == 0 &&
         step + 1 < steps;
}

bool Trainer::isComparedAfter(int64_t step) const {
  return options.checkReplicas && (stepsBefore + step + 1) % options.checkReplicas == 0;
}

void Trainer::evaluateBefore() {
  if (stepsBefore == 0 || !isEvaluatedAfter(-1))
    return;
  // Rank 0's log says, and without one nobody knows.
  const int64_t isThere = log.isEvaluatedBefore();
  if (!rank.peers().allGather(isThere).front())
    evaluate(stepsBefore);
}

void Trainer::requireGood(bool isToBeSaved) {
  const int64_t step = stepsBefore + done;
  isToBeSaved &= !options.save.empty() || !options.checkpoints.empty();
  if (!bad && isToBeSaved)
    if (const std::string fault = guard.judgeVariables(step); !fault.empty())
      bad = {step, batchesRead, fault};
  if (!bad && options.checkReplicas && (isToBeSaved || isComparedAfter(done - 1)))
    replicas.require(step);
}

void Trainer::goBack() {
  const Bad from = *std::exchange(bad, std::nullopt);
  loss.read(); // Waits for all that has been put out.
  unfinished.reset();
  if (checkpoints)
    tell(checkpoints->wait()); // it may be the one to go back to
  const std::optional<int64_t> to = guard.goBack(from.number, from.fault);
  done = to ? *to - stepsBefore : 0;
  batchesRead = from.batchesRead;
  if (skippedSteps)
    skippedLast = skippedSteps->read();
  log.rewound(from.number, stepsBefore + done, from.fault);
}

void Trainer::tell(const std::optional<CheckpointWriter::Outcome> &save) {
  if (!save)
    return;
  if (save->error.empty())
    log.saved(save->steps, save->path, save->heldUpSeconds, save->seconds);
  else
    log.warn("step " + std::to_string(save->steps) + ": no checkpoint: " + save->error);
}

void Trainer::keepLastCheckpoint() {
  tell(checkpoints->begin(savedRun()));
  const std::optional<CheckpointWriter::Outcome> last = checkpoints->wait();
  if (last && !last->error.empty())
    throw std::runtime_error(last->error);
  tell(last);
}

void Trainer::trainStep(int64_t step) {
  const int64_t stepsDone = stepsBefore + step;
  const std::string name = "step " + std::to_string(stepsDone + 1);
  // The third, as the first two may still prepare something.
  const bool recorded =
      !options.timeline.empty() && !isRecorded && step >= std::min<int64_t>(2, steps - 1);
  if (recorded)
    finishBefore();
  if (bad)
    return;
  beginTurn();
  Timeline &timeline = arena.memory().timeline();
  // On all ranks, though one writes: a step that is recorded does not run as a CUDA graph, and
  // NCCL wants a collective to be in graphs of all its ranks or of none.
  if (recorded)
    timeline.record();
  if (!unfinished)
    since = Clock::now();
  const int64_t microBatches = description.microBatches;
  const int64_t first = batchesBefore + batchesRead;
  const int64_t end = first + (steps - step) * microBatches;
  batchesRead += microBatches;
  Unfinished now = {
      .step = step, .rate = schedule.at(stepsDone), .batchesRead = batchesRead};
  if (microBatches == 1)
    learningRate.write(static_cast<float>(now.rate));
  for (int64_t batch = first; batch < first + microBatches; ++batch) {
    source->load(batch);
    writeState(state, batch);
    program.step();
    now.losses.push_back(loss.readLater());
    // What is watched is overwritten before each turn, a batch that waits for its step too.
    if (batch + 1 < end && !watch)
      source->prepare(batch + 1);
  }
  std::optional<Touched> ofStep;
  if (microBatches > 1) {
    ofStep = endTurn(description.step, name);
    beginTurn();
    learningRate.write(static_cast<float>(now.rate));
    writeState(updateState, stepsDone);
    program.update();
  }
  if (lossScale && skippedSteps) {
    now.lossScale = lossScale->readLater();
    now.skippedSteps = skippedSteps->readLater();
  }
  finishBefore();
  if (bad)
    return;
  // The first step's time is its own. What the host reads and writes itself is there at once.
  const bool last = step + 1 == steps;
  if (ran > 0 && !last && !recorded && !watch && !arena.memory().isHost() &&
      !guard.undoes() && !isEvaluatedAfter(step) && !isSavedAfter(step) &&
      !isComparedAfter(step)) {
    unfinished = std::move(now);
    return;
  }
  loss.read(); // Waits for all that has been put out.
  now.end = Clock::now();
  if (recorded) {
    timeline.stop();
    isRecorded = true;
    if (rank.index() == 0)
      timeline.write(options.timeline);
  }
  if (const std::optional<Touched> ofLast = endTurn(
          microBatches > 1 ? description.update : description.step, name))
    ofStep = most(ofStep.value_or(Touched()), *ofLast);
  finish(now, ofStep);
}

void Trainer::finishBefore() {
  if (const auto before = std::exchange(unfinished, std::nullopt))
    finish(*before, std::nullopt);
}

void Trainer::finish(const Unfinished &step, const std::optional<Touched> &ofStep) {
  double value = 0;
  for (const Scalar::Later &share : step.losses)
    value += share.get();
  const Clock::time_point end = step.end.value_or(Clock::now());
  const double seconds = std::chrono::duration<double>(end - std::exchange(since, end)).count();
  (finished++ == 0 ? firstStepSeconds : laterStepsSeconds) += seconds;
  const int64_t number = stepsBefore + step.step + 1;
  const float skipped = step.skippedSteps ? step.skippedSteps->get() : skippedLast;
  if (const std::string fault = guard.judge(
          {.number = number, .loss = value, .wasSkipped = skipped != skippedLast});
      !fault.empty()) {
    if (guard.goesBack())
      bad = {number, step.batchesRead, fault};
    else
      log.skipped(number, fault);
    return;
  }
  skippedLast = skipped;
  std::optional<TrainingLog::Scaling> scaling;
  if (step.lossScale)
    scaling = scalingAfter(number, step.lossScale->get(), skipped);
  const auto samples =
      static_cast<double>(source->samplesPerBatch() * description.microBatches);
  log.step({.step = number,
            .loss = value,
            .learningRate = step.rate,
            .scaling = scaling,
            .samplesPerSecond = samples / seconds,
            .touched = ofStep},
           step.step + 1 == steps);
}

TrainingLog::Scaling Trainer::scalingAfter(int64_t step, float scale, float skipped) const {
  const TrainingLog::Scaling now = {
      .lossScale = scale, .skippedSteps = static_cast<int64_t>(skipped - skippedBefore)};
  // Below, 1 / scale is no f32 any more.
  if (now.lossScale < std::numeric_limits<float>::min())
    throw std::runtime_error("step " + std::to_string(step) +
                             ": the loss scale has fallen below 2^-126 after " +
                             std::to_string(now.skippedSteps) +
                             " skipped steps; the gradients are not finite at any scale");
  return now;
}

SavedRun Trainer::savedRun() const {
  const int64_t batch = source->samplesPerBatch();
  return {.model = std::string(description.model),
          .steps = stepsBefore + done,
          .samples = before.samples.value_or(batchesBefore * batch) +
                     batchesRead * batch,
          .seed = options.seed};
}

void Trainer::writeState(std::optional<Staging<int64_t>> &to, int64_t number) {
  if (!to)
    return;
  (*to)[0] = static_cast<int64_t>(options.seed);
  (*to)[1] = number;
  to->flush();
}

void Trainer::evaluate(int64_t step) {
  const Clock::time_point start = Clock::now();
  // A batch's loss counts as often as the labels that it is a mean over. Where a program divides
  // by the batch, however many rows of it count, that is as often as it has rows.
  double losses = 0, counted = 0, correct = 0; // of batches
  for (int64_t batch = 0; batch < test->batches(); ++batch) {
    beginTurn();
    test->load(batch);
    program.evaluate();
    const double kept =
        testKept ? testKept->read() : static_cast<double>(test->samplesPerBatch());
    if (kept > 0) // The mean over none is no number.
      losses += testLoss.read() * kept;
    counted += kept;
    if (testCorrect)
      correct += testCorrect->read();
    endTurn(description.evaluate, "evaluation after step " + std::to_string(step));
  }
  log.evaluation(
      {.step = step,
       .loss = losses / (testKept ? counted : static_cast<double>(test->samples())),
       .correct = testCorrect ? std::optional<int64_t>(std::llround(correct)) : std::nullopt,
       .samples = test->samples(),
       .seconds = secondsSince(start)},
      description);
}

void Trainer::beginTurn() {
  if (watch)
    watch->begin();
}

std::optional<Touched> Trainer::endTurn(const EntryPoint &ran, const std::string &work) {
  if (!watch)
    return std::nullopt;
  const Touched now = watch->end(ran.peakBytes, work);
  touched = most(touched, now);
  return now;
}

TrainingLog::Summary Trainer::measure() const {
  struct OfRank {
    ProcessBytes process;
    Touched touched;
  };
  const size_t held = arena.memory().processPeakBytes(), ofArena = arena.pages().size();
  const OfRank mine = {.process = {.before = arena.processBytesBefore(),
                                   .peak = held,
                                   .besideArena = held - std::min(held, ofArena),
                                   .ofDevice = arena.memory().deviceUsedBytes()},
                       .touched = touched};
  OfRank all = {};
  for (const OfRank &one : rank.peers().allGather(mine)) {
    all.process = most(all.process, one.process);
    all.touched = most(all.touched, one.touched);
  }
  const int64_t later = finished - 1;
  return {.process = all.process,
          .account = arena.memory().account(),
          .touched = watch ? std::optional(all.touched) : std::nullopt,
          .firstStepSeconds = firstStepSeconds,
          .meanStepSeconds =
              later ? laterStepsSeconds / static_cast<double>(later) : firstStepSeconds};
}
