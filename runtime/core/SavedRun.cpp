#include "autopar/core/SavedRun.h"

#include <charconv>
#include <limits>
#include <stdexcept>

using namespace autopar;

namespace {

/// More than any run does, and far from where sums of it overflow.
constexpr int64_t most = 1'000'000'000'000'000;

template <typename T>
std::optional<T> numberIn(const SafetensorsReader &file, const std::string &name, T largest) {
  const auto found = file.metadata().find(name);
  if (found == file.metadata().end())
    return std::nullopt;
  const std::string &text = found->second;
  const char *const end = text.data() + text.size();
  T number = 0;
  const auto [behind, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || behind != end || number < 0 || number > largest)
    throw std::runtime_error(file.path().string() + ": its metadata has \"" + text + "\" as " +
                             name + ", which is to be a whole number from 0 to " +
                             std::to_string(largest));
  return number;
}

} // namespace

SavedRun SavedRun::of(const SafetensorsReader &file) {
  const auto model = file.metadata().find("model");
  return {.model = model == file.metadata().end() ? "" : model->second,
          .steps = numberIn<int64_t>(file, "steps", most),
          .samples = numberIn<int64_t>(file, "samples", most),
          .seed = numberIn<uint64_t>(file, "seed", std::numeric_limits<uint64_t>::max())};
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
