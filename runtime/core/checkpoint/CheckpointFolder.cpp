#include "autopar/core/checkpoint/CheckpointFolder.h"

#include "autopar/core/checkpoint/JsonFile.h"
#include "autopar/core/checkpoint/StoredTensors.h"
#include "autopar/core/Numbers.h"
#include "autopar/core/OutputFile.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <tuple>

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

bool isNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The steps of a name that make() gives; none of another name.
std::optional<int64_t> stepsOf(std::string_view name) {
  if (!name.starts_with(namesBegin))
    return std::nullopt;
  name.remove_prefix(std::string_view(namesBegin).size());
  const size_t dash = name.find('-');
  const std::string_view steps = name.substr(0, dash);
  if (steps.size() < 8 || (dash != std::string_view::npos && !isNumber(name.substr(dash + 1))) ||
      !isNumber(steps))
    return std::nullopt;
  return wholeNumber(steps, 0, mostSteps);
}

/// `NAME`, or what a kill left of it: `NAME.k3x9q2ab.tmp`, as OutputFile names it.
bool isOrWasToBe(std::string_view name, std::string_view wanted) {
  constexpr std::string_view end = ".k3x9q2ab.tmp";
  return name == wanted || (name.size() == wanted.size() + end.size() && name.starts_with(wanted) &&
                            name[wanted.size()] == '.' && name.ends_with(".tmp"));
}

/// A rank's part.
bool isPart(std::string_view name) {
  constexpr std::string_view begin = "rank-";
  if (!name.starts_with(begin))
    return false;
  const size_t dot = name.find('.');
  return dot != std::string_view::npos && isNumber(name.substr(begin.size(), dot - begin.size())) &&
         isOrWasToBe(name, std::string(name.substr(0, dot)) + ".safetensors");
}

/// What a program writes of a checkpoint but the file that makes it one.
bool isOfHalf(const std::string &name) {
  return isPart(name) || (name != StoredTensors::indexName && isOrWasToBe(name, StoredTensors::indexName));
}

/// Whether a folder has parts alone, or nothing.
bool isHalfWritten(const std::filesystem::path &path) {
  std::error_code error;
  if (!std::filesystem::is_directory(std::filesystem::symlink_status(path, error)))
    return false;
  for (const auto &entry : std::filesystem::directory_iterator(path, error))
    if (!isOfHalf(entry.path().filename()))
      return false;
  return !error;
}

} // namespace

CheckpointFolder::CheckpointFolder(std::filesystem::path path) : folder(std::move(path)) {
  std::error_code error; // what is there and cannot be read is said below
  if (!std::filesystem::exists(index(), error) && !error) {
    findWithoutIndex();
    return;
  }
  const auto reject = [&](const std::string &what) {
    throw std::runtime_error(index().string() + ": " + what);
  };
  const nlohmann::json json = readJson(index(), /*mostBytes=*/64 << 20);
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
    const Entry known = {entry[name].get<std::string>(), entry["steps"].get<int64_t>(),
                         entry.value("for_good", nlohmann::json()) == nlohmann::json(true)};
    if (isWhole(folder / known.name))
      list.push_back(known);
  }
}

/// Somebody has lost the index: in the order of their steps, and of their names where a run came by
/// twice.
void CheckpointFolder::findWithoutIndex() {
  std::error_code error; // a folder that is not there has none
  for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename();
    const std::optional<int64_t> steps = stepsOf(name);
    if (steps && StoredTensors::isFolder(entry.path()))
      list.push_back({name, *steps});
  }
  std::ranges::sort(list, {}, [](const Entry &entry) {
    return std::tuple(entry.steps, entry.name.size(), entry.name);
  });
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
    const std::string ofIndex = index().filename();
    if ((stepsOf(name) && isHalfWritten(entry.path())) ||
        (name != ofIndex && isOrWasToBe(name, ofIndex)))
      halfWritten.push_back(name);
  }
  for (const std::string &name : halfWritten)
    remove(name);
}

std::optional<CheckpointFolder::Entry> CheckpointFolder::newest() const {
  return list.empty() ? std::nullopt : std::optional(list.back());
}

std::filesystem::path CheckpointFolder::around(const std::filesystem::path &checkpoint) {
  return std::filesystem::absolute(checkpoint / ".").lexically_normal().parent_path().parent_path();
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
    if (error && !std::filesystem::exists(std::filesystem::symlink_status(folder / name)))
      throw std::runtime_error((folder / name).string() + ": cannot be made: " + error.message());
  }
  throw std::runtime_error((folder / first).string() + ": is there " + std::to_string(tries) +
                           " times; move some away");
}

void CheckpointFolder::writeIndex() const {
  nlohmann::ordered_json json = {{"version", version},
                                 {"checkpoints", nlohmann::ordered_json::array()}};
  for (const Entry &entry : list)
    json["checkpoints"].push_back(
        {{"name", entry.name}, {"steps", entry.steps}, {"for_good", entry.isForGood}});
  writeFile(index(), json.dump(2) + "\n");
}

void CheckpointFolder::add(const Entry &added, const std::string &text,
                           const KeptCheckpoints &kept) {
  std::vector<Entry> all = list;
  all.push_back(added);
  all.back().isForGood = kept.every && added.steps % kept.every == 0;
  std::vector<Entry> stay, go;
  for (size_t i = 0; i < all.size(); ++i) {
    const bool isNewest = all.size() - i <= static_cast<size_t>(kept.newest);
    (isNewest || all[i].isForGood ? stay : go).push_back(all[i]);
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
    if (isOfHalf(file))
      parts.push_back(entry.path());
  }
  for (const std::filesystem::path &part : parts)
    std::filesystem::remove(part, error);
  std::filesystem::remove(path, error); // where nothing of the user's is left in it
}
