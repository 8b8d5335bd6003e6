// Command lines of emitted programs, a word a line: what is accepted makes a learning rate.
#include "Fuzz.h"

#include "autopar/core/Numbers.h"
#include "autopar/core/Options.h"

#include <cmath>
#include <stdexcept>
#include <vector>

using namespace autopar;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::vector<std::string> words = {"train_rank", ""};
  for (char c : fuzz::text(data, size))
    if (c == '\n')
      words.emplace_back();
    else if (c != '\0')
      words.back() += c;
  std::vector<const char *> arguments;
  for (const std::string &word : words)
    arguments.push_back(word.c_str());
  try {
    const Options options =
        Options::parse(static_cast<int>(arguments.size()), arguments.data(), {});
    const int64_t steps = options.steps.value_or(1);
    fuzz::require(steps >= 1 && steps <= mostSteps && options.warmup >= 0, "no number of steps");
    if (options.deviation)
      for (double deviation : *options.deviation)
        fuzz::require(std::isfinite(1 / static_cast<float>(deviation)), "a deviation of 0");
    fuzz::require(!options.spike || (*options.spike > 1 && std::isfinite(*options.spike)),
                  "a factor that is no spike's");
    fuzz::require(options.saveEvery.steps >= 0 && options.saveEvery.time.count() >= 0,
                  "no interval");
    if (options.warmup > steps)
      return 0;
    const LearningRate rate{.base = options.learningRate.value_or(0.1),
                            .schedule = options.schedule,
                            .steps = steps,
                            .warmup = options.warmup,
                            .stepSize = options.stepSize.value_or(1),
                            .gamma = options.gamma};
    fuzz::require(std::isfinite(rate.at(0)), "a learning rate that is not finite");
  } catch (const std::invalid_argument &) {
  }
  return 0;
}
