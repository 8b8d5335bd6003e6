#include "autopar/core/checkpoint/CheckpointFolder.h"

#include "autopar/core/checkpoint/JsonFile.h"
#include "autopar/core/checkpoint/StoredTensors.h"
#include "autopar/core/Numbers.h"
#include "autopar/core/OutputFile.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

using namespace autopar;

namespace {

/// Version 1 had files alone.
constexpr int64_t version = 2;
constexpr const char *namesBegin = "step-";

/// A name in the folder, and no way out of it.
bool isPlainName(const std::string &name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

bool isWhole(const std::filesystem::path &path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) || StoredTensors::isFolder(path);
}

/// A rank's part, or what a kill left of one.
bool isPart(const std::string &name) {
  return name.starts_with("rank-") &&
         (name.ends_with(".safetensors") || name.ends_with(".tmp"));
}

/// Whether a folder has parts alone, or nothing.
bool isHalfWritten(const std::filesystem::path &path) {
  std::error_code error;
  if (!std::filesystem::is_directory(std::filesystem::symlink_status(path, error)))
    return false;
  for (const auto &entry : std::filesystem::directory_iterator(path, error))
    if (!isPart(entry.path().filename()) &&
        !entry.path().filename().string().starts_with(StoredTensors::indexName + std::string(".")))
      return false;
  return !error;
}

} // namespace

CheckpointFolder::CheckpointFolder(std::filesystem::path path) : folder(std::move(path)) {
  std::error_code error; // what is there and cannot be read is said below
  if (!std::filesystem::exists(index(), error) && !error)
    return;
  const auto reject = [&](const std::string &what) {
    throw std::runtime_error(index().string() + ": " + what);
  };
  const nlohmann::json json = readJson(index(), /*mostBytes=*/1 << 20);
  if (!json.is_object() || !json.contains("version") || !json["version"].is_number_integer())
    reject("is no index of checkpoints");
  if (json["version"] != version && json["version"] != 1)
    reject("is of version " + json["version"].dump() + ", and this program knows versions 1 and " +
           std::to_string(version));
  if (!json.contains("checkpoints") || !json["checkpoints"].is_array())
    reject("lists no checkpoints");
  for (const nlohmann::json &entry : json["checkpoints"]) {
    const char *name = json["version"] == 1 ? "file" : "name";
    if (!entry.is_object() || !entry.contains(name) || !entry[name].is_string() ||
        !isPlainName(entry[name].get<std::string>()) || !entry.contains("steps") ||
        !entry["steps"].is_number_unsigned() ||
        entry["steps"].get<uint64_t>() > static_cast<uint64_t>(mostSteps))
      reject("has an entry that is no name and steps: " + entry.dump());
    const Entry known = {entry[name].get<std::string>(), entry["steps"].get<int64_t>()};
    if (isWhole(folder / known.name))
      list.push_back(known);
  }
}

void CheckpointFolder::require() const {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw std::runtime_error(folder.string() + ": cannot be made: " + error.message());
  OutputFile::check(index());
  std::vector<std::string> halfWritten;
  for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename();
    if ((name.starts_with(namesBegin) && isHalfWritten(entry.path())) ||
        (name.starts_with(index().filename().string() + ".") && name.ends_with(".tmp")))
      halfWritten.push_back(name);
  }
  for (const std::string &name : halfWritten)
    remove(name);
}

std::optional<CheckpointFolder::Entry> CheckpointFolder::newest() const {
  return list.empty() ? std::nullopt : std::optional(list.back());
}

std::string CheckpointFolder::make(int64_t steps) const {
  char number[32];
  std::snprintf(number, sizeof number, "%08lld", static_cast<long long>(steps));
  const std::string first = namesBegin + std::string(number);
  // A run that went back comes by again, and somebody may keep another there.
  constexpr int tries = 1000;
  for (int i = 1; i <= tries; ++i) {
    const std::string name = i == 1 ? first : first + "-" + std::to_string(i);
    std::error_code error;
    if (std::filesystem::create_directory(folder / name, error))
      return name;
    if (error)
      throw std::runtime_error((folder / name).string() + ": cannot be made: " + error.message());
  }
  throw std::runtime_error((folder / first).string() + ": is there " + std::to_string(tries) +
                           " times; move some away");
}

void CheckpointFolder::writeIndex() const {
  nlohmann::ordered_json json = {{"version", version},
                                 {"checkpoints", nlohmann::ordered_json::array()}};
  for (const Entry &entry : list)
    json["checkpoints"].push_back({{"name", entry.name}, {"steps", entry.steps}});
  writeFile(index(), json.dump(2) + "\n");
}

void CheckpointFolder::add(const Entry &added, const std::string &text,
                           const KeptCheckpoints &kept) {
  std::vector<Entry> all = list;
  all.push_back(added);
  std::vector<Entry> stay, go;
  for (size_t i = 0; i < all.size(); ++i) {
    const bool isNewest = all.size() - i <= static_cast<size_t>(kept.newest);
    const bool isForGood = kept.every && all[i].steps % kept.every == 0;
    (isNewest || isForGood ? stay : go).push_back(all[i]);
  }
  // The index may name what is not whole, and so never lacks what is.
  std::swap(list, all);
  try {
    writeIndex();
    writeFile(folder / added.name / StoredTensors::indexName, text);
  } catch (...) {
    std::swap(list, all);
    throw;
  }
  list = stay;
  if (!go.empty())
    writeIndex();
  for (const Entry &entry : go)
    remove(entry.name);
}

void CheckpointFolder::remove(const std::string &name) const {
  const std::filesystem::path path = folder / name;
  std::error_code error; // what cannot be removed is in nobody's way
  if (!std::filesystem::is_directory(std::filesystem::symlink_status(path, error))) {
    std::filesystem::remove(path, error);
    return;
  }
  std::filesystem::remove(path / StoredTensors::indexName, error); // from now on it is none
  std::vector<std::filesystem::path> parts;
  for (const auto &entry : std::filesystem::directory_iterator(path, error)) {
    const std::string file = entry.path().filename();
    if (isPart(file) || file.starts_with(StoredTensors::indexName + std::string(".")))
      parts.push_back(entry.path());
  }
  for (const std::filesystem::path &part : parts)
    std::filesystem::remove(part, error);
  std::filesystem::remove(path, error); // where nothing of the user's is left in it
}
