// Checkpoints in folders: the list of their files, a file of them, and a run's index. The input is
// the list's length in two bytes, the list, and the file; where the list says DIGEST it gets the
// file's, which no change of bytes would hit.
#include "Fuzz.h"

#include "autopar/core/checkpoint/CheckpointFolder.h"
#include "autopar/core/checkpoint/StoredTensors.h"
#include "autopar/core/Digest.h"
#include "autopar/core/Numbers.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

using namespace autopar;

namespace {

const std::filesystem::path &folder() {
  static const std::filesystem::path path = [] {
    std::string name = "/dev/shm/autopar-fuzz-XXXXXX";
    return std::filesystem::path(mkdtemp(name.data()));
  }();
  return path;
}

void write(const char *name, std::string_view text) {
  std::ofstream(folder() / name, std::ios::binary) << text;
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2)
    return 0;
  std::string_view all = fuzz::text(data + 2, size - 2);
  const std::string_view list = all.substr(0, data[0] + 256 * data[1]);
  all.remove_prefix(list.size());
  write("rank-0.safetensors", all);
  std::string text(list);
  try {
    const SafetensorsReader part(folder() / "rank-0.safetensors");
    if (const size_t at = text.find("DIGEST"); at != std::string::npos)
      text.replace(at, 6, digestText(part.headerDigest()));
  } catch (const std::exception &) {
  }
  write(StoredTensors::indexName, text);
  write("checkpoints.json", list);
  try {
    const StoredTensors stored(folder());
    for (const auto &[name, tensor] : stored.tensors()) {
      fuzz::require(tensor.bytes <= size, "a tensor beyond its files");
      std::vector<std::byte> bytes(tensor.bytes);
      StoredReader(stored, tensor).read(0, bytes);
    }
    stored.damaged(0, 1);
  } catch (const std::exception &) {
  }
  try {
    for (const CheckpointFolder::Entry &entry : CheckpointFolder(folder()).entries())
      fuzz::require(entry.steps >= 0 && entry.steps <= mostSteps &&
                        entry.name.find('/') == std::string::npos,
                    "a checkpoint elsewhere");
  } catch (const std::exception &) {
  }
  return 0;
}
