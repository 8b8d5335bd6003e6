#include "autopar/core/checkpoint/Checkpoint.h"

#include "autopar/core/checkpoint/Safetensors.h"
#include "autopar/core/checkpoint/StoredModel.h"
#include "autopar/core/Shard.h"
#include "autopar/core/Staging.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <iterator>
#include <memory>
#include <vector>

using namespace autopar;

namespace {

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

} // namespace

std::vector<std::string> autopar::loadCheckpoint(const StoredTensors &stored,
                                                 std::span<const Variable> variables,
                                                 const Place &place, Arena &arena,
                                                 Taken taken) {
  std::vector<Variable> wanted;
  std::ranges::copy_if(variables, std::back_inserter(wanted), [&](const Variable &variable) {
    return taken == Taken::Run || variable.kind != VariableKind::Slot;
  });
  const StoredModel file(stored, wanted);
  if (taken == Taken::Run)
    file.requireOptimizer();
  std::vector<std::string> missing;
  for (const Variable &variable : wanted) {
    const StoredTensors::Tensor *tensor = file.find(variable);
    if (!tensor) {
      if (const std::optional<float> steps = file.countOf(variable)) {
        const Staging<float> staged(arena, variable.offset, {});
        staged[0] = *steps;
        staged.flush();
      } else {
        missing.emplace_back(variable.name);
      }
      continue;
    }
    const size_t width = bytesOf(variable.type);
    const int64_t count = elements(variable.storedShape());
    StoredReader reader = file.reader(*tensor);
    const Staging<std::byte> staged(arena, variable.offset,
                                    {static_cast<int64_t>(variable.bytes)});
    Shard(place, variable.shape, variable.split)
        .forEachRun([&](int64_t from, int64_t to, int64_t length) {
          const int64_t filled = std::clamp<int64_t>(count - from, 0, length);
          std::byte *const local = staged.data() + to * width;
          if (filled) // behind it lies padding
            reader.read(from * width, {local, filled * width});
          std::memset(local + filled * width, 0, (length - filled) * width);
        });
    staged.flush();
  }
  return missing;
}

void autopar::saveCheckpoint(const std::filesystem::path &path,
                             std::span<const Variable> variables,
                             const std::map<std::string, std::string> &metadata,
                             const Rank &rank, Arena &arena) {
  Peers &peers = rank.peers();
  std::unique_ptr<SafetensorsWriter> writer;
  std::exception_ptr fault; // kept, as the others go on sending
  const auto write = [&](auto &&part) {
    if (fault)
      return;
    try {
      part();
    } catch (...) {
      fault = std::current_exception();
      writer.reset();
    }
  };
  if (rank.index() == 0)
    write([&] {
      std::vector<SafetensorsWriter::Entry> entries;
      for (const Variable &variable : variables)
        entries.push_back({std::string(variable.name), variable.type, variable.storedShape()});
      writer = std::make_unique<SafetensorsWriter>(path, entries, metadata);
    });

  std::vector<std::byte> global, received, copy;
  for (const Variable &variable : variables) {
    if (!ownsBlock(rank, variable.split))
      continue;
    const std::span<const std::byte> mine = onHost(variable, arena, copy);
    if (rank.index() != 0) {
      peers.sendToFirst(mine);
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
        peers.receive(from, received);
      copyIntoPlace(from == 0 ? mine : received, Shard(sender, variable.shape, variable.split),
                    width, global);
    }
    write([&] {
      writer->append(std::span(global).first(elements(variable.storedShape()) * width));
    });
  }
  if (writer)
    write([&] { writer->finish(); });
  if (fault)
    std::rethrow_exception(fault);
}
