#include "compiler/checkpoints/Checkpoints.h"

#include "autopar/core/OutputPaths.h"
#include "autopar/core/checkpoint/CheckpointFolder.h"
#include "autopar/core/checkpoint/SlotNames.h"

#include <algorithm>
#include <array>
#include <stdexcept>

using namespace autopar;

namespace {

/// What an optimizer or a scaled loss keeps.
bool isSlot(const StoredTensors &stored, const std::string &name) {
  if (isOfScaling(name) || isCountOfSteps(name))
    return true;
  for (size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0;
       dot = name.rfind('.', dot - 1))
    if (stored.find(name.substr(0, dot)))
      return true;
  return false;
}

/// The run's folder that a checkpoint lies in, whose other files are not to be written over either;
/// or the checkpoint.
std::filesystem::path folderOf(const std::filesystem::path &checkpoint) {
  const std::filesystem::path run = CheckpointFolder::around(checkpoint);
  std::error_code error;
  return StoredTensors::isFolder(checkpoint) && std::filesystem::exists(run / "checkpoints.json", error)
             ? run
             : checkpoint;
}

DataType typeOf(const StoredTensors::Tensor &tensor) {
  for (DataType type : {DataType::F32, DataType::F64, DataType::I32, DataType::U8, DataType::BF16,
                        DataType::F16, DataType::I64})
    if (nameOf(type) == tensor.type)
      return type;
  throw std::runtime_error("tensor " + tensor.name + " is " + tensor.type +
                           ", a type that no program has");
}

} // namespace

void autopar::merge(const std::filesystem::path &path, const std::filesystem::path &output,
                    bool onlyWeights) {
  const StoredTensors stored(findCheckpoint(path));
  requireOutputs(std::array{OutputPath{"--output", output}}, filesOf("PATH", folderOf(stored.path())));
  if (const std::vector<std::string> damaged = stored.damaged(0, 1); !damaged.empty())
    throw std::runtime_error(stored.path().string() + ": the bytes of " + damaged.front() +
                             (damaged.size() > 1 ? " and others" : "") +
                             " are not those that were written");
  std::vector<SafetensorsWriter::Entry> entries;
  for (const std::string &name : stored.names()) {
    const StoredTensors::Tensor &tensor = *stored.find(name);
    if (!onlyWeights || !isSlot(stored, name))
      entries.push_back({name, typeOf(tensor), tensor.shape});
  }
  std::map<std::string, std::string> metadata = stored.metadata();
  metadata.erase(SafetensorsReader::digestsName); // the writer's own
  SafetensorsWriter writer(output, entries, metadata);
  std::vector<std::byte> bytes;
  for (const SafetensorsWriter::Entry &entry : entries) {
    const StoredTensors::Tensor &tensor = *stored.find(entry.name);
    bytes.resize(tensor.bytes);
    StoredReader(stored, tensor).read(0, bytes);
    writer.append(bytes);
  }
  writer.finish();
}
