#include "autopar/core/CheckpointFolder.h"

#include "autopar/core/InputFile.h"
#include "autopar/core/Nesting.h"
#include "autopar/core/Numbers.h"
#include "autopar/core/OutputFile.h"
#include "autopar/core/Safetensors.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

using namespace autopar;

namespace {

constexpr int64_t version = 1;
constexpr const char *namesBegin = "step-";

/// A name in the folder, and no way out of it.
bool isPlainName(const std::string &name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

} // namespace

CheckpointFolder::CheckpointFolder(std::filesystem::path path) : folder(std::move(path)) {
  std::error_code error; // what is there and cannot be read is said below
  if (!std::filesystem::exists(index(), error) && !error)
    return;
  const auto reject = [&](const std::string &what) {
    throw std::runtime_error(index().string() + ": " + what);
  };
  const InputFile file(index());
  constexpr uint64_t most = 1 << 20;
  if (file.size() > most)
    reject("is no index of checkpoints: it has " + std::to_string(file.size()) + " bytes");
  std::string text(file.size(), '\0');
  file.read(0, std::as_writable_bytes(std::span(text)));
  const nlohmann::json json = nestsWithin(text)
                                  ? nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false)
                                  : nlohmann::json();
  if (!json.is_object() || !json.contains("version") || !json["version"].is_number_integer())
    reject("is no index of checkpoints");
  if (json["version"] != version)
    reject("is of version " + json["version"].dump() + ", and this program knows version " +
           std::to_string(version));
  if (!json.contains("checkpoints") || !json["checkpoints"].is_array())
    reject("lists no checkpoints");
  for (const nlohmann::json &entry : json["checkpoints"]) {
    if (!entry.is_object() || !entry.contains("file") || !entry["file"].is_string() ||
        !isPlainName(entry["file"].get<std::string>()) || !entry.contains("steps") ||
        !entry["steps"].is_number_unsigned() ||
        entry["steps"].get<uint64_t>() > static_cast<uint64_t>(mostSteps))
      reject("has an entry that is no file and steps: " + entry.dump());
    const Entry known = {entry["file"].get<std::string>(), entry["steps"].get<int64_t>()};
    if (std::filesystem::exists(folder / known.file, error))
      list.push_back(known);
  }
}

void CheckpointFolder::require() const {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw std::runtime_error(folder.string() + ": cannot be made: " + error.message());
  OutputFile::check(index());
  for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename();
    // What the index names is ours, even damaged; a kill may have left one that it does not name.
    const bool isNamed = std::ranges::find(list, name, &Entry::file) != list.end();
    if (!isNamed && name.starts_with(namesBegin) && entry.path().extension() == ".safetensors" &&
        !SafetensorsReader(entry.path()).hasDigests())
      throw std::runtime_error(entry.path().string() + ": no program of autopar's wrote it, and one "
                                                       "would overwrite it; move it away");
  }
}

std::optional<CheckpointFolder::Entry> CheckpointFolder::newest() const {
  return list.empty() ? std::nullopt : std::optional(list.back());
}

std::filesystem::path CheckpointFolder::fileAfter(int64_t steps) const {
  char name[48];
  std::snprintf(name, sizeof name, "%s%08lld.safetensors", namesBegin, static_cast<long long>(steps));
  return folder / name;
}

void CheckpointFolder::add(int64_t steps, const KeptCheckpoints &kept) {
  const std::string file = fileAfter(steps).filename();
  std::erase_if(list, [&](const Entry &entry) { return entry.file == file; });
  list.push_back({file, steps});
  std::vector<Entry> stay, go;
  for (size_t i = 0; i < list.size(); ++i) {
    const bool isNewest = list.size() - i <= static_cast<size_t>(kept.newest);
    const bool isForGood = kept.every && list[i].steps % kept.every == 0;
    (isNewest || isForGood ? stay : go).push_back(list[i]);
  }
  list = stay;
  nlohmann::ordered_json json = {{"version", version},
                                 {"checkpoints", nlohmann::ordered_json::array()}};
  for (const Entry &entry : list)
    json["checkpoints"].push_back({{"file", entry.file}, {"steps", entry.steps}});
  writeFile(index(), json.dump(2) + "\n");
  std::error_code error; // what cannot be removed is in nobody's way
  for (const Entry &entry : go)
    std::filesystem::remove(folder / entry.file, error);
}
