// From main to the training loop: what must be checked before memory is taken,
// then the arena, the program, its first values.

#include "autopar/core/Agreement.h"
#include "autopar/core/Checkpoint.h"
#include "autopar/core/Digest.h"
#include "autopar/core/Initialise.h"
#include "autopar/core/Options.h"
#include "autopar/core/OutputPaths.h"
#include "autopar/core/Program.h"
#include "autopar/core/ProgramMark.h"
#include "autopar/core/Safetensors.h"
#include "autopar/core/SavedRun.h"
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
std::vector<Fact> inputFacts(const Options &options, const Data &data) {
  std::vector<Fact> facts;
  for (const Data::Part &part : data.parts()) {
    const std::string digest = ", digest " + digestText(part.digest);
    facts.push_back({part.use, "on " + part.content + " of " + part.name + digest,
                     part.content + digest});
  }
  if (!options.init.empty()) {
    const std::string digest = digestText(SafetensorsReader(options.init).digest());
    facts.push_back({"starts", "from " + options.init + ", digest " + digest, digest});
  }
  return facts;
}

/// What the file to start from tells of the run that wrote it. Its seed is taken over unless
/// --seed gives one.
SavedRun goOn(Options &options, const Description &description, bool speaks) {
  if (options.init.empty())
    return {};
  const SavedRun before = SavedRun::of(SafetensorsReader(options.init));
  if (!before.steps)
    return before;
  const uint64_t seed = before.seed.value_or(options.seed);
  if (!options.hasSeed)
    options.seed = seed;
  if (!speaks)
    return before;
  std::printf("%s: goes on after step %lld\n", options.init.c_str(),
              static_cast<long long>(*before.steps));
  if (!before.model.empty() && before.model != description.model)
    std::printf("%s: is of the model %s, and this program's is %s\n", options.init.c_str(),
                before.model.c_str(), std::string(description.model).c_str());
  if (options.seed != seed)
    std::printf("%s: had the seed %llu, and --seed gives %llu\n", options.init.c_str(),
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
    if (rank.index() == 0)
      requireOutputs(options);
    const SavedRun before = goOn(options, description, rank.index() == 0);
    const std::unique_ptr<Data> data = openData(options, description);
    requireAgreement(peers, inputFacts(options, *data));

    const std::unique_ptr<Memory> memory = target.makeMemory(rank, options.ofTarget);
    Arena arena(*memory, description.arenaBytes);
    std::optional<ArenaWatch> watch;
    if (options.verify)
      watch.emplace(arena);
    std::unique_ptr<Program> program;
    std::optional<Trainer> trainer;
    try {
      program = makeProgram(rank, arena);
      initialise(description.variables, options.seed, rank, arena);
      if (!options.init.empty()) {
        const std::vector<std::string> missing =
            loadCheckpoint(options.init, description.variables, rank, arena);
        if (rank.index() == 0 && before.steps && !missing.empty())
          tellMissing(options.init, missing);
      }
      if (watch)
        watch->keep(description.variables);
      trainer
          .emplace(options, description, *data, rank, arena, *program, before,
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
