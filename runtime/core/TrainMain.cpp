// From main to the training loop: what must be checked before memory is taken,
// then the arena, the program, its first values.

#include "autopar/core/Agreement.h"
#include "autopar/core/Checkpoint.h"
#include "autopar/core/Digest.h"
#include "autopar/core/Initialise.h"
#include "autopar/core/Options.h"
#include "autopar/core/Program.h"
#include "autopar/core/Safetensors.h"
#include "autopar/core/Trainer.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>

using namespace autopar;

namespace {

/// A run of hours should not end at a folder that is not there.
void requireWritableFolder(const std::string &file) {
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  if (access(folder.c_str(), W_OK) != 0)
    throw std::runtime_error("--save " + file + ": cannot write into folder " +
                             folder.string());
}

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

} // namespace

int autopar::trainMain(int argc, char **argv, const Description &description,
                       const MakeProgram &makeProgram, const Target &target) {
  return amongPeers(argc, argv, target.join, [&](Peers &peers) {
    const Options options = Options::parse(argc, argv, target.options);
    requireAgreement(peers, factsOf(description, options));
    if (options.help) {
      if (peers.index() == 0)
        std::fputs(Options::helpText(description, target.options).c_str(), stdout);
      return 0;
    }
    Rank rank(peers, description.mesh, argv[0]);
    if (rank.index() == 0 && !options.save.empty())
      requireWritableFolder(options.save);
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
      int64_t stepsDone = 0;
      if (!options.init.empty())
        stepsDone = loadCheckpoint(options.init, description.variables, rank, arena);
      if (watch)
        watch->keep(description.variables);
      trainer
          .emplace(options, description, *data, rank, arena, *program, stepsDone,
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
