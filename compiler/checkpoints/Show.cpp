#include "compiler/checkpoints/Checkpoints.h"

#include "autopar/core/checkpoint/CheckpointFolder.h"
#include "autopar/core/checkpoint/SavedRun.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <stdexcept>

using namespace autopar;

namespace {

bool isRun(const std::filesystem::path &path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error) && !StoredTensors::isFolder(path);
}

/// Of a run's folder. Throws std::runtime_error where there is none.
std::vector<CheckpointFolder::Entry> checkpointsOf(const std::filesystem::path &run) {
  std::vector<CheckpointFolder::Entry> entries = CheckpointFolder(run).entries();
  if (entries.empty())
    throw std::runtime_error(run.string() + ": is a folder without a checkpoint");
  return entries;
}

/// "2.4 MB"; bytes where they are few.
std::string sizeText(uint64_t bytes) {
  char text[32];
  if (bytes < 10'000)
    std::snprintf(text, sizeof text, "%" PRIu64 " B", bytes);
  else if (bytes < 10'000'000'000)
    std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
  else
    std::snprintf(text, sizeof text, "%.1f GB", static_cast<double>(bytes) / 1e9);
  return text;
}

/// "step 200, 1600 samples, seed 7, of resnet50"
std::string historyOf(const StoredTensors &stored) {
  const SavedRun run = SavedRun::of(stored.metadata(), stored.path());
  std::string text = run.steps ? "step " + std::to_string(*run.steps) : "of no run";
  if (run.samples)
    text += ", " + std::to_string(*run.samples) + " samples";
  if (run.seed)
    text += ", seed " + std::to_string(*run.seed);
  if (!run.model.empty())
    text += ", model " + run.model;
  return text;
}

std::string countsOf(const StoredTensors &stored) {
  uint64_t bytes = 0;
  for (const auto &[name, tensor] : stored.tensors())
    bytes += tensor.bytes;
  return std::to_string(stored.tensors().size()) + " tensors, " + sizeText(bytes) + " in " +
         std::to_string(stored.files()) + (stored.files() == 1 ? " file" : " files");
}

} // namespace

std::filesystem::path autopar::findCheckpoint(const std::filesystem::path &path) {
  return isRun(path) ? path / checkpointsOf(path).back().name : path;
}

std::string autopar::show(const std::filesystem::path &path) {
  std::string text;
  if (isRun(path)) {
    for (const CheckpointFolder::Entry &entry : checkpointsOf(path)) {
      text += (path / entry.name).string() + ": ";
      try {
        const StoredTensors stored(path / entry.name);
        text += historyOf(stored) + "; " + countsOf(stored) + "\n";
      } catch (const std::exception &error) {
        text += std::string("cannot be read: ") + error.what() + "\n";
      }
    }
    return text;
  }
  const StoredTensors stored(path);
  text = path.string() + ": " + historyOf(stored) + "\n" + countsOf(stored) + "\n";
  size_t longest = 0;
  for (const std::string &name : stored.names())
    longest = std::max(longest, name.size());
  for (const std::string &name : stored.names()) {
    const StoredTensors::Tensor &tensor = *stored.find(name);
    text += "  " + name + std::string(longest - name.size(), ' ') + "  " + tensor.type +
            toString(tensor.shape);
    if (tensor.pieces.size() > 1)
      text += " in " + std::to_string(tensor.pieces.size()) + " pieces";
    text += "\n";
  }
  return text;
}

autopar::Verified autopar::verify(const std::filesystem::path &path) {
  Verified verified = {"", true};
  std::vector<std::filesystem::path> paths;
  if (isRun(path)) {
    for (const CheckpointFolder::Entry &entry : checkpointsOf(path))
      paths.push_back(path / entry.name);
  } else {
    paths.push_back(path);
  }
  for (const std::filesystem::path &one : paths) {
    std::string fault;
    try {
      const StoredTensors stored(one);
      for (const std::string &name : stored.damaged(0, 1))
        fault += (fault.empty() ? "the bytes of " : ", ") + name;
      if (!fault.empty())
        fault = one.string() + ": " + fault + " are not those that were written";
      for (const auto &[name, tensor] : stored.tensors())
        StoredReader(stored, tensor); // its pieces make it up
      if (fault.empty())
        verified.text += one.string() + ": " + countsOf(stored) +
                         (stored.hasDigests() ? ", all as they were written\n"
                                              : "; nothing says what was written\n");
    } catch (const std::exception &error) {
      fault = error.what();
    }
    if (!fault.empty()) {
      verified.text += fault + "\n";
      verified.isWhole = false;
    }
  }
  return verified;
}
