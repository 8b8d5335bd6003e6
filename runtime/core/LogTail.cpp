#include "autopar/core/LogTail.h"

#include "autopar/core/Nesting.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace autopar;

namespace {

/// An object that TrainingLog writes; null of another text.
nlohmann::json lineOf(std::string_view text) {
  if (!nestsWithin(text))
    return nullptr;
  nlohmann::json line = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const bool isOurs =
      line.is_object() &&
      (line.contains("step") ? line["step"].is_number_integer()
                             : line.contains("steps") || line.contains("arena_bytes"));
  return isOurs ? line : nlohmann::json();
}

} // namespace

LogTail LogTail::of(const std::filesystem::path &log, int64_t steps) {
  std::ifstream file(log, std::ios::binary);
  if (!file)
    throw std::runtime_error(log.string() + ": cannot be read, though --resume goes on in it");
  LogTail tail;
  uint64_t end = 0; // of the lines that were read
  bool isBehind = false;
  std::vector<char> text(size_t(1) << 20); // more than any line of ours has
  for (int64_t number = 1; file.getline(text.data(), static_cast<std::streamsize>(text.size()));
       ++number) {
    if (file.eof()) // what has no end was cut short, by a kill
      return tail;
    const auto length = static_cast<size_t>(file.gcount()) - 1;
    const nlohmann::json line = lineOf({text.data(), length});
    if (line.is_null())
      throw std::runtime_error(
          log.string() + ": line " + std::to_string(number) +
          " is none that --log writes, and --resume would go on behind it; "
          "name another file");
    end += length + 1;
    // A run that has gone back to a checkpoint is behind it once more. What tells of a checkpoint
    // comes when that is on disk, steps later.
    if (line.contains("step") && !line.contains("checkpoint")) {
      const auto step = line["step"].get<int64_t>();
      isBehind = step > steps;
      if (!isBehind)
        tail.isEvaluated = step == steps && (tail.isEvaluated || line.contains("test_loss"));
    }
    if (!isBehind)
      tail.bytes = end;
  }
  if (!file.eof())
    throw std::runtime_error(
        log.string() + ": is no file that --log writes, and --resume would go on behind it; "
                       "name another file");
  return tail;
}
