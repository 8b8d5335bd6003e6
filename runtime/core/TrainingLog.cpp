#include "autopar/core/TrainingLog.h"

#include "autopar/core/Destination.h"
#include "autopar/core/LogTail.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <stdexcept>

using namespace autopar;

namespace {

/// `1.25 GiB`, for people; exact figures are printed in bytes.
std::string readableBytes(size_t bytes) {
  const char *units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(units)) {
    value /= 1024;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit ? "%.2f %s" : "%.0f %s", value, units[unit]);
  return text;
}

/// `loss scale 1024, 3 skipped`
std::string text(const TrainingLog::Scaling &scaling) {
  char text[64];
  std::snprintf(text, sizeof text, "loss scale %.6g, %lld skipped", scaling.lossScale,
                static_cast<long long>(scaling.skippedSteps));
  return text;
}

} // namespace

TrainingLog::TrainingLog(bool speaks, const std::string &file,
                         std::optional<int64_t> goesOnAfter, std::string_view unit)
    : speaks(speaks), path(file), unit(unit) {
  if (!speaks || file.empty())
    return;
  const Destination destination(file);
  LogTail before;
  if (goesOnAfter && destination.isFile() && destination.present())
    before = LogTail::of(destination.file(), *goesOnAfter);
  evaluatedBefore = before.isEvaluated;
  stream = fdopen(destination.open(before.bytes), "w");
}

TrainingLog::~TrainingLog() {
  if (stream)
    std::fclose(stream);
}

void TrainingLog::writeLine(const std::string &line) {
  if (!stream)
    return;
  // A line is whole on disk before the next step begins.
  if (std::fprintf(stream, "%s\n", line.c_str()) < 0 || std::fflush(stream) != 0)
    throw std::runtime_error(path + ": cannot write the log: " + std::strerror(errno));
}

void TrainingLog::begin(const Description &description, int threads, int64_t steps,
                        int64_t stepsBefore) {
  if (!speaks)
    return;
  const int64_t ranks = description.mesh.ranks();
  std::printf("%s on mesh %s: %lld %s of %d %s, arena %s a rank, %lld steps%s\n",
              std::string(description.model).c_str(), toString(description.mesh).c_str(),
              static_cast<long long>(ranks), ranks == 1 ? "rank" : "ranks", threads,
              threads == 1 ? "thread" : "threads",
              readableBytes(description.arenaBytes).c_str(), static_cast<long long>(steps),
              stepsBefore ? (" after " + std::to_string(stepsBefore)).c_str() : "");
  std::fflush(stdout);
}

void TrainingLog::step(const Step &record, bool last) {
  if (!speaks)
    return;
  nlohmann::ordered_json line{{"step", record.step},
                              {"loss", record.loss},
                              {"lr", record.learningRate},
                              {unit + "_per_second", record.samplesPerSecond}};
  std::string further;
  if (record.scaling) {
    line["loss_scale"] = record.scaling->lossScale;
    line["skipped_steps"] = record.scaling->skippedSteps;
    further = "  " + text(*record.scaling);
  }
  if (record.touched) {
    line["touched_bytes"] = record.touched->bytes;
    line["touched_end"] = record.touched->end;
    further += "  touched " + readableBytes(record.touched->bytes) + " to byte " +
               std::to_string(record.touched->end);
  }
  writeLine(line.dump());

  using namespace std::chrono_literals;
  const auto now = std::chrono::steady_clock::now();
  const bool first = lastPrinted == std::chrono::steady_clock::time_point{};
  if (!first && !last && now - lastPrinted < 1s)
    return;
  lastPrinted = now;
  std::printf("step %6lld  loss %-9.6g  lr %-9.4g  %8.1f %s/s%s\n",
              static_cast<long long>(record.step), record.loss, record.learningRate,
              record.samplesPerSecond, unit.c_str(), further.c_str());
  std::fflush(stdout);
}

void TrainingLog::evaluation(const Evaluation &record, const Description &description) {
  if (!speaks)
    return;
  if (record.correct)
    imagesEvaluated(record);
  else if (description.step.findInput("tokens"))
    textEvaluated(record, description.vocabulary());
  else
    lossEvaluated(record);
  std::fflush(stdout);
}

void TrainingLog::imagesEvaluated(const Evaluation &record) {
  const int64_t correct = *record.correct;
  const double accuracy = static_cast<double>(correct) / static_cast<double>(record.samples);
  writeLine(nlohmann::ordered_json{{"step", record.step},
                                   {"test_loss", record.loss},
                                   {"test_accuracy", accuracy},
                                   {"test_correct", correct},
                                   {"test_samples", record.samples}}
                .dump());
  std::printf("step %6lld  test loss %.6g  test accuracy %.2f %% "
              "(%lld of %lld)  %.1f images/s\n",
              static_cast<long long>(record.step), record.loss, 100 * accuracy,
              static_cast<long long>(correct), static_cast<long long>(record.samples),
              static_cast<double>(record.samples) / record.seconds);
}

void TrainingLog::lossEvaluated(const Evaluation &record) {
  writeLine(nlohmann::ordered_json{{"step", record.step},
                                   {"test_loss", record.loss},
                                   {"test_samples", record.samples}}
                .dump());
  std::printf("step %6lld  test loss %.6g  (%lld images)  %.1f images/s\n",
              static_cast<long long>(record.step), record.loss,
              static_cast<long long>(record.samples),
              static_cast<double>(record.samples) / record.seconds);
}

void TrainingLog::textEvaluated(const Evaluation &record, int64_t vocabulary) {
  constexpr int64_t bytes = 256; // as many tokens as that, and each is a byte of the text
  const double perplexity = std::exp(record.loss);
  nlohmann::ordered_json line{{"step", record.step},
                              {"test_loss", record.loss},
                              {"test_perplexity", perplexity},
                              {"test_tokens", record.samples}};
  if (vocabulary == bytes)
    line["test_nats_per_byte"] = record.loss;
  writeLine(line.dump());
  std::printf("step %6lld  test loss %.6g%s  perplexity %.5g  (%lld tokens)  %.1f tokens/s\n",
              static_cast<long long>(record.step), record.loss,
              vocabulary == bytes ? " nats a byte" : "", perplexity,
              static_cast<long long>(record.samples),
              static_cast<double>(record.samples) / record.seconds);
}

void TrainingLog::scaled(const Scaling &scaling, int64_t steps) {
  if (!speaks)
    return;
  writeLine(nlohmann::ordered_json{{"steps", steps},
                                   {"loss_scale", scaling.lossScale},
                                   {"skipped_steps", scaling.skippedSteps}}
                .dump());
  if (steps > 0 && scaling.skippedSteps == steps)
    std::printf("no parameter has changed: the gradients of all %lld steps were not finite; "
                "loss scale %.6g at the end\n",
                static_cast<long long>(steps), scaling.lossScale);
  else
    std::printf("%lld of %lld steps were skipped, as their gradients were not finite; loss "
                "scale %.6g at the end\n",
                static_cast<long long>(scaling.skippedSteps), static_cast<long long>(steps),
                scaling.lossScale);
}

void TrainingLog::skipped(int64_t step, const std::string &fault) {
  if (!speaks)
    return;
  writeLine(nlohmann::ordered_json{{"step", step}, {"skipped", fault}}.dump());
  std::printf("step %6lld  skipped, as %s\n", static_cast<long long>(step), fault.c_str());
  std::fflush(stdout);
}

void TrainingLog::rewound(int64_t step, int64_t to, const std::string &fault) {
  if (!speaks)
    return;
  writeLine(
      nlohmann::ordered_json{{"step", step}, {"rewound_to", to}, {"fault", fault}}.dump());
  std::printf("step %6lld  back to step %lld, as %s\n", static_cast<long long>(step),
              static_cast<long long>(to), fault.c_str());
  std::fflush(stdout);
}

void TrainingLog::guarded(int64_t steps, int64_t skipped, int64_t rewinds) {
  if (!speaks)
    return;
  writeLine(nlohmann::ordered_json{{"steps", steps},
                                   {"skipped_bad_steps", skipped},
                                   {"rewinds", rewinds}}
                .dump());
  std::printf("%lld of %lld steps were skipped for bad numbers, and the run went back %lld "
              "times\n",
              static_cast<long long>(skipped), static_cast<long long>(steps),
              static_cast<long long>(rewinds));
}

void TrainingLog::end(const Description &description, const Summary &summary) {
  if (!speaks)
    return;
  const Prediction &predicted = description.predicted;
  const ProcessBytes &process = summary.process;
  nlohmann::ordered_json line{
      {"arena_bytes", description.arenaBytes},
      {"reserve_bytes", predicted.reserveBytes},
      {"budget_bytes", predicted.budgetBytes},
      {"process_bytes_before_arena", process.before},
      {"process_peak_bytes", process.peak},
      {"process_beside_arena_bytes", process.besideArena},
      {"process_account", summary.account},
      {"first_step_seconds", summary.firstStepSeconds},
      {"mean_step_seconds", summary.meanStepSeconds},
      {"predicted_compute_seconds", predicted.computeSeconds},
      {"predicted_communication_seconds", predicted.communicationSeconds},
      {"predicted_hidden_seconds", predicted.hiddenSeconds}};
  if (process.ofDevice)
    line["device_used_bytes"] = process.ofDevice;
  if (summary.touched) {
    line["touched_bytes"] = summary.touched->bytes;
    line["touched_end"] = summary.touched->end;
  }
  writeLine(line.dump());

  std::printf("step: mean %.4g s (first %.4g s), predicted %.4g s = %.4g compute + %.4g "
              "communication, %.4g of it hidden\n",
              summary.meanStepSeconds, summary.firstStepSeconds, predicted.seconds(),
              predicted.computeSeconds, predicted.communicationSeconds,
              predicted.hiddenSeconds);
  if (summary.touched)
    std::printf("arena: %zu bytes planned; a step has touched at most %zu, below byte %zu\n",
                description.arenaBytes, summary.touched->bytes, summary.touched->end);
  const std::string ofDevice =
      process.ofDevice
          ? "; the device has " + readableBytes(process.ofDevice) + " in use, by all processes"
          : "";
  std::printf("memory of a rank: budget %s; plan %s = arena %s + reserve %s; measured %s (%s), "
              "%s of it before the arena%s\n",
              predicted.budgetBytes ? readableBytes(predicted.budgetBytes).c_str() : "none",
              readableBytes(description.arenaBytes + predicted.reserveBytes).c_str(),
              readableBytes(description.arenaBytes).c_str(),
              readableBytes(predicted.reserveBytes).c_str(),
              readableBytes(process.peak).c_str(), std::string(summary.account).c_str(),
              readableBytes(process.before).c_str(), ofDevice.c_str());
  std::fflush(stdout);
}

void TrainingLog::saved(int64_t step, const std::string &path, double heldUpSeconds,
                        double seconds) {
  if (!speaks)
    return;
  writeLine(nlohmann::ordered_json{{"step", step}, {"checkpoint", path}, {"held_up_seconds", heldUpSeconds}, {"seconds", seconds}}
                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  std::printf("step %6lld  checkpoint %s  %.3f s, of which training waited %.3f s\n",
              static_cast<long long>(step), path.c_str(), seconds, heldUpSeconds);
  std::fflush(stdout);
}

void TrainingLog::say(const std::string &line) {
  if (!speaks)
    return;
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void TrainingLog::warn(const std::string &line) {
  if (speaks)
    std::fprintf(stderr, "warning: %s\n", line.c_str());
}
