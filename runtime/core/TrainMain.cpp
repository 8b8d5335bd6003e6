// From main to the training loop: what must be checked before memory is taken,
// then the arena, the program, its first values.

#include "autopar/core/Agreement.h"
#include "autopar/core/checkpoint/Checkpoint.h"
#include "autopar/core/checkpoint/CheckpointFolder.h"
#include "autopar/core/checkpoint/SavedRun.h"
#include "autopar/core/checkpoint/StoredTensors.h"
#include "autopar/core/Digest.h"
#include "autopar/core/Initialise.h"
#include "autopar/core/Options.h"
#include "autopar/core/OutputPaths.h"
#include "autopar/core/Program.h"
#include "autopar/core/ProgramMark.h"
#include "autopar/core/Trainer.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <stdexcept>

using namespace autopar;

// Kept although nothing reads it.
[[gnu::used]] static const char *const mark = programMark;

namespace {

/// What a rank reads. Paths may differ from host to host, what lies there not.
std::vector<Fact> inputFacts(const StoredTensors *from, const Data &data) {
  std::vector<Fact> facts;
  for (const Data::Part &part : data.parts()) {
    const std::string digest = ", digest " + digestText(part.digest);
    facts.push_back({part.use, "on " + part.content + " of " + part.name + digest,
                     part.content + digest});
  }
  if (from) {
    const std::string digest = digestText(from->digest());
    facts.push_back({"starts", "from " + from->path().string() + ", digest " + digest, digest});
  }
  return facts;
}

/// A run that begins would, save by save, take the place of the one whose checkpoints lie there.
/// Throws std::runtime_error.
void requireOwnFolder(const Options &options) {
  const CheckpointFolder folder(options.checkpoints);
  std::error_code error;
  // DIR, or one of the checkpoints in it.
  const bool goesOn =
      !options.resume.empty() &&
      (std::filesystem::equivalent(options.resume, folder.path(), error) ||
       std::filesystem::equivalent(CheckpointFolder::around(options.resume), folder.path(), error));
  if (const auto newest = folder.newest(); newest && !goesOn)
    throw std::runtime_error(options.checkpoints + ": holds checkpoints of a run, the newest " +
                             newest->name + ", which --resume " + options.checkpoints +
                             " goes on with; name another folder for a run of its own");
}

/// The checkpoint before the one at `path`, where that is of the folder of --resume: what an error
/// offers.
std::string wayOutOf(const std::filesystem::path &path, const Options &options) {
  if (path == options.resume)
    return "";
  const CheckpointFolder folder(options.resume);
  const CheckpointFolder::Entry *before = nullptr;
  for (const CheckpointFolder::Entry &entry : folder.entries()) {
    if (folder.path() / entry.name == path)
      break;
    before = &entry;
  }
  return before ? "; the checkpoint before it is " + (folder.path() / before->name).string() : "";
}

/// The checkpoint to go on from; empty where the run begins. Of a folder rank 0 says which, as
/// others may see an older state of it. Collective.
std::string resumedFile(const Options &options, Peers &peers) {
  std::error_code error;
  if (std::filesystem::is_regular_file(options.resume, error) ||
      StoredTensors::isFolder(options.resume))
    return options.resume;
  std::string name;
  if (peers.index() == 0) {
    if (!std::filesystem::is_directory(options.resume, error))
      throw std::runtime_error(options.resume + ": is neither a checkpoint nor a folder of them");
    const auto newest = CheckpointFolder(options.resume).newest();
    name = newest ? newest->name : "";
    if (name.empty())
      std::printf("%s: has no checkpoint; the run begins at its first step\n",
                  options.resume.c_str());
  }
  name = peers.allGatherTexts(name).front();
  return name.empty() ? "" : std::filesystem::path(options.resume) / name;
}

/// Reads all of the file, each rank a share. Throws std::runtime_error where bytes in it have
/// changed since it was written; of weights to begin with rank 0 says so alone, as somebody may have
/// changed them who meant it. Collective.
void requireUndamaged(const StoredTensors &file, const Options &options, Peers &peers) {
  std::string mine;
  for (const std::string &name : file.damaged(peers.index(), peers.ranks()))
    mine += (mine.empty() ? "" : ", ") + name;
  std::string names;
  for (const std::string &list : peers.allGatherTexts(mine))
    names += (names.empty() || list.empty() ? "" : ", ") + list;
  if (names.empty())
    return;
  const std::string path = file.path().string();
  const std::string what =
      path + ": the bytes of " + names + " are not those that were written";
  if (path == options.init) {
    if (peers.index() == 0)
      std::fprintf(stderr, "warning: %s\n", what.c_str());
    return;
  }
  throw std::runtime_error(what + wayOutOf(path, options));
}

/// What the file to go on from tells of the run that wrote it. Its seed is taken over unless
/// --seed gives one.
SavedRun goOn(const StoredTensors &stored, Options &options, const Description &description,
              bool speaks) {
  const std::string file = stored.path().string();
  const SavedRun before = SavedRun::of(stored.metadata(), file);
  if (!before.steps)
    throw std::runtime_error(file + ": does not say after which step it was saved; --init begins a "
                                    "run of its own with the weights");
  const uint64_t seed = before.seed.value_or(options.seed);
  if (!options.hasSeed)
    options.seed = seed;
  if (!speaks)
    return before;
  std::printf("%s: goes on after step %lld\n", file.c_str(),
              static_cast<long long>(*before.steps));
  if (!before.model.empty() && before.model != description.model)
    std::printf("%s: is of the model %s, and this program's is %s\n", file.c_str(),
                before.model.c_str(), std::string(description.model).c_str());
  if (options.seed != seed)
    std::printf("%s: had the seed %llu, and --seed gives %llu\n", file.c_str(),
                static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(options.seed));
  return before;
}

/// Says which of this program's slots a run goes on without.
void tellMissing(const std::string &file, const std::vector<std::string> &slots) {
  constexpr size_t most = 3;
  std::string names;
  for (size_t i = 0; i < std::min(most, slots.size()); ++i)
    names += (i ? ", " : "") + slots[i];
  if (slots.size() > most)
    names += " and " + std::to_string(slots.size() - most) + " more";
  std::printf("%s: has no %s, which begin%s anew\n", file.c_str(), names.c_str(),
              slots.size() == 1 ? "s" : "");
}

} // namespace

int autopar::trainMain(int argc, char **argv, const Description &description,
                       const MakeProgram &makeProgram, const Target &target) {
  return amongPeers(argc, argv, target.join, [&](Peers &peers) {
    Options options = Options::parse(argc, argv, target.options);
    requireAgreement(peers, factsOf(description, options));
    if (options.help) {
      if (peers.index() == 0)
        std::fputs(Options::helpText(description, target.options).c_str(), stdout);
      return 0;
    }
    Rank rank(peers, description.mesh, argv[0]);
    if (rank.index() == 0) {
      requireOutputs(options);
      if (!options.checkpoints.empty()) {
        requireOwnFolder(options);
        CheckpointFolder(options.checkpoints).require();
      }
    }
    const std::string resumed = options.resume.empty() ? "" : resumedFile(options, peers);
    const std::string &path = options.init.empty() ? resumed : options.init;
    std::optional<StoredTensors> from;
    if (!path.empty())
      try {
        from.emplace(path);
      } catch (const std::exception &error) {
        throw std::runtime_error(error.what() + (resumed.empty() ? "" : wayOutOf(resumed, options)));
      }
    const SavedRun before = resumed.empty()
                                ? SavedRun()
                                : goOn(*from, options, description, rank.index() == 0);
    const std::unique_ptr<Data> data = openData(options, description);
    requireAgreement(peers, inputFacts(from ? &*from : nullptr, *data));
    if (from)
      requireUndamaged(*from, options, peers);

    const std::unique_ptr<Memory> memory = target.makeMemory(rank, options.ofTarget);
    Arena arena(*memory, description.arenaBytes);
    std::optional<ArenaWatch> watch;
    if (options.verify)
      watch.emplace(arena);
    std::unique_ptr<Program> program;
    std::optional<Trainer> trainer;
    try {
      program = makeProgram(rank, arena);
      const auto begin = [&] {
        initialise(description.variables, options.seed, rank, arena);
        if (!from)
          return;
        const std::vector<std::string> missing =
            loadCheckpoint(*from, description.variables, rank, arena,
                           resumed.empty() ? Taken::Weights : Taken::Run);
        if (rank.index() == 0 && !missing.empty())
          tellMissing(path, missing);
      };
      placeConstants(description.constants, rank, arena);
      begin();
      if (watch)
        watch->keep(description);
      trainer
          .emplace(options, description, *data, rank, arena, *program, before, begin,
                   watch ? &*watch : nullptr)
          .run();
    } catch (const std::exception &error) {
      // While all of this lives: to free what a device still uses waits for the device, and so
      // for peers that have yet to hear of the error.
      peers.stopAll(error.what());
    }
    return 0;
  });
}
