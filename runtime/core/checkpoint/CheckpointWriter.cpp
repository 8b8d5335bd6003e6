#include "autopar/core/checkpoint/CheckpointWriter.h"

#include "autopar/core/Digest.h"
#include "autopar/core/OutputFile.h"
#include "autopar/core/Seconds.h"
#include "autopar/core/checkpoint/StoredTensors.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

using namespace autopar;

namespace {

std::string partName(int rank) { return "rank-" + std::to_string(rank) + ".safetensors"; }

/// Whether a piece has all of a variable that is stored, from its first element on.
bool isAll(const Variable &variable, const Block &block) {
  for (int dim = 0; dim < block.shape().size(); ++dim)
    if (block.begin(dim) != 0 || (dim > 0 && block.shape()[dim] != variable.shape[dim]))
      return false;
  return elements(block.shape()) >= elements(variable.storedShape());
}

std::vector<int64_t> listOf(const Shape &shape) { return {shape.begin(), shape.end()}; }

/// What a text of agree() begins with.
constexpr char isThere = '+', isMissing = '-';

} // namespace

CheckpointWriter::CheckpointWriter(const std::filesystem::path &path, const KeptCheckpoints &kept,
                                   std::span<const Variable> variables, const Rank &rank,
                                   Arena &arena, size_t besideBytes)
    : path(path), kept(kept), variables(variables), rank(rank), memory(arena.memory()),
      pieces(piecesOf(variables, rank)) {
  for (const Piece &piece : pieces) {
    const Variable &variable = variables[piece.variable];
    slices.push_back(
        arena.slice(variable.offset, variable.bytes).subspan(piece.offset, piece.bytes));
    ownBytes += piece.bytes;
  }
  beside = !memory.isHost() || ownBytes <= besideBytes;
  if (rank.index() == 0)
    folder.emplace(path);
  // Before the first step: whether every rank sees the folder and may write there.
  std::string error;
  const std::string name = makeFolder(0, error);
  if (error.empty())
    try {
      OutputFile::check(path / name / partName(rank.index()));
    } catch (const std::exception &fault) {
      error = fault.what();
    }
  const std::vector<std::string> errors = rank.peers().allGatherTexts(error);
  if (folder && !name.empty())
    folder->remove(name);
  for (size_t i = 0; i < errors.size(); ++i)
    if (!errors[i].empty())
      throw std::runtime_error((i ? "rank " + std::to_string(i) + ": " : "") + errors[i] +
                               (i ? "; --checkpoints is to name a folder that all hosts share" : ""));
}

CheckpointWriter::~CheckpointWriter() {
  if (job && job->thread.joinable())
    job->thread.join();
}

/// Of rank 0's making. Collective.
std::string CheckpointWriter::makeFolder(int64_t steps, std::string &error) const {
  std::string name;
  if (folder)
    try {
      name = folder->make(steps);
    } catch (const std::exception &fault) {
      error = fault.what();
    }
  return rank.peers().allGatherTexts(name).front();
}

void CheckpointWriter::start(Job &job, std::function<void()> work) const {
  job.done = false;
  auto all = [&job, work = std::move(work)] {
    try {
      work();
    } catch (const std::exception &fault) {
      job.error = fault.what();
    }
    job.done = true;
  };
  try {
    if (beside)
      job.thread = std::thread(all);
  } catch (const std::system_error &) { // no room for a thread
  }
  if (!job.thread.joinable())
    all();
}

std::optional<CheckpointWriter::Outcome> CheckpointWriter::begin(const SavedRun &run) {
  std::optional<Outcome> before = wait();
  const Clock::time_point start = Clock::now();
  job = std::make_unique<Job>();
  job->start = start;
  job->outcome.steps = run.steps.value_or(0);
  job->name = makeFolder(job->outcome.steps, job->error);
  job->outcome.path = (path / job->name).string();
  if (job->name.empty()) {
    job->done = true;
    return before;
  }
  try {
    if (beside && ownBytes)
      job->copy = copyOfPieces();
  } catch (const std::exception &fault) {
    job->error = fault.what();
    job->done = true;
    return before;
  }
  this->start(*job, [this, run, to = path / job->name / partName(rank.index()), job = job.get()] {
    job->digest = writePart(to, run, job->copy.get());
    job->copy.reset();
  });
  job->outcome.heldUpSeconds = secondsSince(start);
  return before;
}

/// In pages of its own, which go back to the system with it: the heap would keep them.
std::shared_ptr<std::byte> CheckpointWriter::copyOfPieces() const {
  HostMemory &host = HostMemory::instance();
  const std::shared_ptr<std::byte> copy(host.allocate(ownBytes), [&host, bytes = ownBytes](auto *base) {
    host.release(base, bytes);
  });
  std::byte *to = copy.get();
  for (const std::span<const std::byte> &slice : slices) {
    memory.read(to, slice.data(), slice.size());
    to += slice.size();
  }
  return copy;
}

std::string CheckpointWriter::writePart(const std::filesystem::path &to, const SavedRun &run,
                                        const std::byte *copy) const {
  if (pieces.empty())
    return "";
  std::vector<SafetensorsWriter::Entry> entries;
  std::vector<std::span<const std::byte>> data;
  nlohmann::ordered_json blocks = nlohmann::ordered_json::object();
  size_t end = 0;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const Piece &piece = pieces[i];
    const Variable &variable = variables[piece.variable];
    std::span<const std::byte> bytes = slices[i];
    if (copy)
      bytes = {copy + std::exchange(end, end + piece.bytes), piece.bytes};
    Shape shape = piece.block.shape();
    if (isAll(variable, piece.block)) {
      shape = variable.storedShape();
      bytes = bytes.first(elements(shape) * bytesOf(variable.type));
    } else {
      blocks[std::string(variable.name)] = {{"in", listOf(variable.shape)},
                                            {"begin", listOf(piece.block.begin())}};
    }
    entries.push_back({std::string(variable.name), variable.type, shape});
    data.push_back(bytes);
  }
  std::map<std::string, std::string> metadata = run.metadata();
  if (!blocks.empty())
    metadata[StoredTensors::blocksName] = blocks.dump();
  SafetensorsWriter writer(to, std::move(entries), metadata);
  for (const std::span<const std::byte> &bytes : data)
    writer.append(bytes);
  return digestText(writer.finish());
}

std::optional<CheckpointWriter::Outcome> CheckpointWriter::poll() {
  if (!job)
    return std::nullopt;
  if (job->isPublished)
    return job->done ? std::optional(end()) : std::nullopt;
  for (const char done : rank.peers().allGather(static_cast<char>(job->done)))
    if (!done)
      return std::nullopt;
  return agree();
}

std::optional<CheckpointWriter::Outcome> CheckpointWriter::wait() {
  if (!job)
    return std::nullopt;
  const Clock::time_point start = Clock::now();
  std::optional<Outcome> outcome;
  if (!job->isPublished)
    outcome = agree();
  if (job)
    outcome = end();
  if (outcome)
    outcome->heldUpSeconds += secondsSince(start);
  return outcome;
}

std::optional<CheckpointWriter::Outcome> CheckpointWriter::agree() {
  if (job->thread.joinable())
    job->thread.join();
  std::vector<std::string> texts = rank.peers().allGatherTexts(
      job->error.empty() ? isThere + job->digest : isMissing + job->error);
  if (!folder) {
    const bool areThere =
        std::ranges::all_of(texts, [](const std::string &text) { return text[0] == isThere; });
    awaited = areThere ? job->name : "";
    job.reset();
    return std::nullopt;
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    const bool isError = texts[i].front() == isMissing;
    texts[i].erase(0, 1);
    if (isError && job->error.empty())
      job->error = "rank " + std::to_string(i) + ": " + texts[i];
  }
  if (!job->error.empty())
    return end();
  job->isPublished = true;
  start(*job, [this, texts] { publish(texts); });
  return poll();
}

void CheckpointWriter::settle() noexcept try {
  if (job && job->thread.joinable())
    job->thread.join();
  constexpr std::chrono::seconds most(10);
  const Clock::time_point start = Clock::now();
  const auto comes = [&](const std::filesystem::path &file) {
    while (!std::filesystem::exists(file)) {
      if (Clock::now() - start > most)
        return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  };
  if (!folder) {
    const std::string &name = job && job->error.empty() ? job->name : awaited;
    if (!name.empty())
      comes(path / name / StoredTensors::indexName);
    return;
  }
  if (!job || job->name.empty() || job->isPublished || !job->error.empty())
    return;
  const std::filesystem::path at = path / job->name;
  std::vector<std::string> digests(rank.ranks());
  for (int other = 0; other < rank.ranks(); ++other) {
    if (piecesOf(variables, Place(rank.mesh(), other)).empty())
      continue;
    if (!comes(at / partName(other)))
      return;
    digests[other] = digestText(SafetensorsReader(at / partName(other)).headerDigest());
  }
  publish(digests);
  job.reset();
} catch (const std::exception &) { // the run ends for another fault, which is told
}

/// On rank 0.
void CheckpointWriter::publish(const std::vector<std::string> &digests) {
  nlohmann::ordered_json json = {{"version", StoredTensors::version},
                                 {"steps", job->outcome.steps},
                                 {"mesh", toString(rank.mesh())},
                                 {"files", nlohmann::ordered_json::array()},
                                 {"tensors", nlohmann::ordered_json::array()}};
  for (size_t i = 0; i < digests.size(); ++i) {
    if (digests[i].empty())
      continue; // it had nothing to write
    const std::string name = partName(static_cast<int>(i));
    if (SafetensorsReader part(path / job->name / name); digestText(part.headerDigest()) != digests[i])
      throw std::runtime_error(part.path().string() + ": is not the file that rank " +
                               std::to_string(i) + " wrote");
    json["files"].push_back({{"file", name}, {"digest", digests[i]}});
  }
  for (const Variable &variable : variables)
    json["tensors"].push_back({{"name", variable.name},
                               {"dtype", nameOf(variable.type)},
                               {"shape", listOf(variable.storedShape())}});
  folder->add({job->name, job->outcome.steps}, json.dump(1) + "\n", kept);
}

/// On rank 0.
CheckpointWriter::Outcome CheckpointWriter::end() {
  if (job->thread.joinable())
    job->thread.join();
  Outcome outcome = job->outcome;
  outcome.error = job->error;
  outcome.seconds = secondsSince(job->start);
  if (!outcome.error.empty() && !job->name.empty())
    folder->remove(job->name);
  job.reset();
  return outcome;
}
