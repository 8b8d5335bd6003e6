// See Measurement.h.
#include "compiler/experiments/Measurement.h"

#include "compiler/emit/Emit.h"
#include "compiler/experiments/Progress.h"
#include "compiler/files/Files.h"
#include "compiler/json/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Threading.h"

#include <numeric>

namespace autopar {

namespace fs = llvm::sys::fs;

double median(std::vector<double> values) {
  if (values.empty())
    return 0;
  llvm::sort(values);
  size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double Measurement::medianSeconds() const { return median(stepSeconds); }

llvm::Error checkRun(int64_t ranks, const RunOptions &options) {
  if (options.steps < 2)
    return llvm::createStringError("--steps %lld: the first step warms up; at least 2",
                                   static_cast<long long>(options.steps));
  if (options.rounds < 1)
    return llvm::createStringError("--rounds %lld: a program runs at least once",
                                   static_cast<long long>(options.rounds));
  int cores = llvm::get_physical_cores();
  if (cores <= 0)
    cores = static_cast<int>(llvm::hardware_concurrency().compute_thread_count());
  if (ranks > cores && !options.oversubscribe)
    return llvm::createStringError(
        "the mesh has %lld ranks and this machine %d cores; take a smaller mesh, or "
        "--oversubscribe to let ranks share cores, at their speed",
        static_cast<long long>(ranks), cores);
  if (ranks > 1 && !llvm::sys::findProgramByName("mpirun"))
    return llvm::createStringError("'mpirun' is not found; install openmpi-bin, which has it");
  return llvm::Error::success();
}

llvm::Error buildPlan(const Compilation &plan, const CompileOptions &options,
                      llvm::StringRef model, llvm::StringRef folder,
                      llvm::StringRef callTimes) {
  if (std::error_code error = fs::create_directories(folder))
    return llvm::createStringError("cannot make the folder '" + folder +
                                   "': " + error.message());
  const std::string sources = inFolder(folder, "program");
  const Prediction &prediction = plan.program.prediction;
  if (llvm::Error error = emitProgram(*plan.program.module, sources,
                                      {.model = model.str(),
                                       .command = options.commandLine,
                                       .computeSeconds = prediction.computeSeconds,
                                       .communicationSeconds = prediction.communicationSeconds,
                                       .hiddenSeconds = prediction.hiddenSeconds,
                                       .budgetBytes = plan.processBudget(),
                                       .reserveBytes = plan.reserve,
                                       .callTimes = callTimes.str()}))
    return error;
  return buildProgram(sources, inFolder(folder, "train_rank"), options.target);
}

extern "C" char **environ;

llvm::Expected<Measurement> runPlan(int64_t ranks, llvm::StringRef folder,
                                    const RunOptions &options,
                                    llvm::ArrayRef<std::string> more) {
  const std::string log = inFolder(folder, "log.jsonl"), said = inFolder(folder, "run.txt");
  std::vector<std::string> words = {
      inFolder(folder, "train_rank"), "--data", "synthetic", "--steps",
      std::to_string(options.steps),  "--log",  log};
  words.insert(words.end(), more.begin(), more.end());
  if (ranks > 1) {
    llvm::ErrorOr<std::string> mpirun = llvm::sys::findProgramByName("mpirun");
    if (!mpirun)
      return llvm::createStringError("'mpirun' is not found; install openmpi-bin");
    std::vector<std::string> start = {*mpirun, "--bind-to", "none", "-n",
                                      std::to_string(ranks)};
    if (options.oversubscribe)
      start.push_back("--oversubscribe");
    words.insert(words.begin(), start.begin(), start.end());
  }

  // Threads that wait must not hold a core that another rank's threads want.
  llvm::SmallVector<llvm::StringRef> environment = {"OMP_WAIT_POLICY=passive"};
  for (char **variable = environ; *variable; ++variable)
    if (!llvm::StringRef(*variable).starts_with("OMP_WAIT_POLICY="))
      environment.push_back(*variable);
  llvm::SmallVector<llvm::StringRef> arguments(words.begin(), words.end());
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(said),
                                                llvm::StringRef(said)};
  std::string message;
  int status = llvm::sys::ExecuteAndWait(words.front(), arguments, llvm::ArrayRef(environment),
                                         redirects, /*seconds=*/0, /*memory=*/0, &message);
  if (status != 0) {
    auto text = llvm::MemoryBuffer::getFile(said);
    llvm::StringRef last = text ? (*text)->getBuffer().rtrim().take_back(2000) : "";
    return llvm::createStringError(llvm::join(words, " ") + ": exit code " +
                                   llvm::Twine(status) + "\n" + message + last);
  }
  auto text = llvm::MemoryBuffer::getFile(log);
  if (!text)
    return llvm::createStringError("'" + log +
                                   "' cannot be read: " + text.getError().message());
  return readLog((*text)->getBuffer());
}

/// What a line says of speed, in whatever the model counts: images or tokens a second.
static std::optional<double> rateOf(const llvm::json::Object &line) {
  for (const auto &[key, value] : line)
    if (llvm::StringRef(key).ends_with("_per_second"))
      return value.getAsNumber();
  return std::nullopt;
}

llvm::Expected<Measurement> readLog(llvm::StringRef text) {
  Measurement measured;
  std::optional<double> mean;
  llvm::SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    llvm::Expected<llvm::json::Value> value = parseJson(line);
    if (!value)
      return value.takeError();
    const llvm::json::Object *object = value->getAsObject();
    if (!object)
      return llvm::createStringError("a line of the log is no object: " + line);
    if (std::optional<double> rate = rateOf(*object); rate && object->get("loss"))
      measured.stepSeconds.push_back(1 / *rate); // to scale, until the mean is known
    if (std::optional<int64_t> peak = object->getInteger("process_peak_bytes")) {
      measured.processBytes = *peak;
      measured.besideArenaBytes = object->getInteger("process_beside_arena_bytes").value_or(0);
      mean = object->getNumber("mean_step_seconds");
    }
  }
  if (!mean || measured.stepSeconds.size() < 2)
    return llvm::createStringError("the log does not tell of two steps and their mean time; "
                                   "the run did not end as it should");
  // The program's own mean, of all steps but the first, sets the scale.
  measured.stepSeconds.erase(measured.stepSeconds.begin());
  double sum = std::accumulate(measured.stepSeconds.begin(), measured.stepSeconds.end(), 0.0);
  double scale = *mean * double(measured.stepSeconds.size()) / sum;
  for (double &seconds : measured.stepSeconds)
    seconds *= scale;
  return measured;
}

llvm::Expected<std::vector<Measurement>> measureTrials(llvm::ArrayRef<Trial> trials,
                                                       const CompileOptions &options,
                                                       llvm::StringRef model,
                                                       const RunOptions &run) {
  Progress progress("measuring", static_cast<int>(trials.size() * (1 + run.rounds)));
  for (const Trial &trial : trials) {
    progress.begin("building " + trial.folder);
    if (llvm::Error error = buildPlan(*trial.plan, options, model, trial.folder))
      return error;
    progress.advance();
  }
  std::vector<Measurement> quickest(trials.size());
  for (int64_t round = 0; round < run.rounds; ++round)
    for (auto [trial, best] : llvm::zip_equal(trials, quickest)) {
      progress.begin("running " + trial.folder);
      llvm::Expected<Measurement> measured =
          runPlan(trial.plan->mesh.numRanks(), trial.folder, run);
      if (!measured)
        return measured.takeError();
      if (round == 0 || measured->medianSeconds() < best.medianSeconds())
        best = std::move(*measured);
      progress.advance();
    }
  return quickest;
}

} // namespace autopar
