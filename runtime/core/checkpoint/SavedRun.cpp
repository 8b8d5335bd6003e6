#include "autopar/core/checkpoint/SavedRun.h"

#include "autopar/core/Numbers.h"

#include <limits>
#include <stdexcept>

using namespace autopar;

namespace {

/// No sum of as many overflows.
constexpr int64_t mostSamples = int64_t(1) << 60;

std::optional<int64_t> numberIn(const std::map<std::string, std::string> &metadata,
                                const std::filesystem::path &path, const std::string &name,
                                int64_t most) {
  const auto found = metadata.find(name);
  if (found == metadata.end())
    return std::nullopt;
  const std::optional<int64_t> number = wholeNumber(found->second, 0, most);
  if (!number)
    throw std::runtime_error(path.string() + ": its metadata has \"" + found->second +
                             "\" as " + name + ", which is to be a whole number from 0 to " +
                             std::to_string(most));
  return number;
}

} // namespace

SavedRun SavedRun::of(const std::map<std::string, std::string> &metadata,
                      const std::filesystem::path &path) {
  const auto model = metadata.find("model");
  const auto number = [&](const char *name, int64_t most) {
    return numberIn(metadata, path, name, most);
  };
  return {.model = model == metadata.end() ? "" : model->second,
          .steps = number("steps", mostSteps),
          .samples = number("samples", mostSamples),
          .seed = number("seed", std::numeric_limits<int64_t>::max())};
}

std::map<std::string, std::string> SavedRun::metadata() const {
  std::map<std::string, std::string> strings = {{"format", "pt"}}; // so that transformers takes it
  if (!model.empty())
    strings["model"] = model;
  if (steps)
    strings["steps"] = std::to_string(*steps);
  if (samples)
    strings["samples"] = std::to_string(*samples);
  if (seed)
    strings["seed"] = std::to_string(*seed);
  return strings;
}
