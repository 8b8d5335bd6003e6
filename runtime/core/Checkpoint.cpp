#include "autopar/core/Checkpoint.h"

#include "autopar/core/CheckMpi.h"
#include "autopar/core/Safetensors.h"
#include "autopar/core/Shard.h"
#include "autopar/core/Staging.h"

#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

using namespace autopar;

namespace {

/// MPI counts are 32-bit integers.
constexpr size_t messageBytes = size_t(1) << 30;

void send(std::span<const std::byte> data, int to, MPI_Comm communicator) {
  for (size_t done = 0; done < data.size(); done += messageBytes) {
    const size_t bytes = std::min(messageBytes, data.size() - done);
    checkMpi(
        MPI_Send(data.data() + done, static_cast<int>(bytes), MPI_BYTE, to, 0, communicator));
  }
}

void receive(std::span<std::byte> data, int from, MPI_Comm communicator) {
  for (size_t done = 0; done < data.size(); done += messageBytes) {
    const size_t bytes = std::min(messageBytes, data.size() - done);
    checkMpi(MPI_Recv(data.data() + done, static_cast<int>(bytes), MPI_BYTE, from, 0,
                      communicator, MPI_STATUS_IGNORE));
  }
}

/// This rank's shard, on the host: the arena's own bytes, or `copy` of a device's.
std::span<const std::byte> onHost(const Variable &variable, Arena &arena,
                                  std::vector<std::byte> &copy) {
  const std::span<const std::byte> slice = arena.slice(variable.offset, variable.bytes);
  if (arena.memory().isHost())
    return slice;
  copy.resize(slice.size());
  arena.memory().read(copy.data(), slice.data(), slice.size());
  return copy;
}

/// Puts one rank's shard at its place in the global tensor.
void copyIntoPlace(std::span<const std::byte> local, const Shard &shard, size_t elementBytes,
                   std::span<std::byte> global) {
  shard.forEachRun([&](int64_t to, int64_t from, int64_t count) {
    std::memcpy(global.data() + to * elementBytes, local.data() + from * elementBytes,
                count * elementBytes);
  });
}

/// What keeps the file from filling the variable, as a line of the report.
std::optional<std::string> mismatch(const SafetensorsReader::Tensor *tensor,
                                    const Variable &variable) {
  const std::string wanted = std::string(nameOf(variable.type)) + toString(variable.shape);
  const std::string name(variable.name);
  if (!tensor)
    return "missing: " + name + " " + wanted;
  if (tensor->type != nameOf(variable.type) || tensor->shape != variable.shape)
    return "misshapen: " + name + " is " + tensor->type + toString(tensor->shape) + " there, " +
           wanted + " here";
  return std::nullopt;
}

} // namespace

void autopar::loadCheckpoint(const std::filesystem::path &path,
                             std::span<const Variable> variables, const Place &place,
                             Arena &arena) {
  const SafetensorsReader file(path);
  bool hasSlots = false;
  for (const Variable &variable : variables)
    hasSlots |= variable.kind == VariableKind::Slot && file.find(std::string(variable.name));
  const auto wanted = [&](const Variable &variable) {
    return hasSlots || variable.kind != VariableKind::Slot;
  };

  std::string problems;
  for (const Variable &variable : variables)
    if (wanted(variable))
      if (auto problem = mismatch(file.find(std::string(variable.name)), variable))
        problems += "\n  " + *problem;
  if (!problems.empty())
    throw std::runtime_error(path.string() + " does not hold this program's variables" +
                             problems);

  for (const Variable &variable : variables) {
    if (!wanted(variable))
      continue;
    const std::span<const std::byte> data = file.find(std::string(variable.name))->data;
    const size_t width = bytesOf(variable.type);
    const Staging<std::byte> staged(arena, variable.offset,
                                    {static_cast<int64_t>(variable.bytes)});
    std::byte *const local = staged.data();
    Shard(place, variable.shape, variable.split)
        .forEachRun([&](int64_t from, int64_t to, int64_t count) {
          std::memcpy(local + to * width, data.data() + from * width, count * width);
        });
    staged.flush();
  }
}

void autopar::saveCheckpoint(const std::filesystem::path &path,
                             std::span<const Variable> variables,
                             const std::map<std::string, std::string> &metadata,
                             const Rank &rank, Arena &arena) {
  const MPI_Comm world = rank.world().communicator;
  std::unique_ptr<SafetensorsWriter> writer;
  if (rank.index() == 0) {
    std::vector<SafetensorsWriter::Entry> entries;
    for (const Variable &variable : variables)
      entries.push_back({std::string(variable.name), variable.type, variable.shape});
    writer = std::make_unique<SafetensorsWriter>(path, entries, metadata);
  }

  std::vector<std::byte> global, received, copy;
  for (const Variable &variable : variables) {
    if (!ownsBlock(rank, variable.split))
      continue;
    const std::span<const std::byte> mine = onHost(variable, arena, copy);
    if (rank.index() != 0) {
      send(mine, 0, world);
      continue;
    }
    const size_t width = bytesOf(variable.type);
    global.resize(elements(variable.shape) * width);
    received.resize(variable.bytes);
    for (int from = 0; from < rank.ranks(); ++from) {
      const Place sender(rank.mesh(), from);
      if (!ownsBlock(sender, variable.split))
        continue;
      if (from != 0)
        receive(received, from, world);
      copyIntoPlace(from == 0 ? mine : received, Shard(sender, variable.shape, variable.split),
                    width, global);
    }
    writer->append(global);
  }
  if (writer)
    writer->finish();
}
