// The base of every emitted program, and its main. An emitted file declares the
// slices of its arena and the calls of its step; all else, from start-up to the
// checkpoint, is behind trainMain.

#ifndef AUTOPAR_CORE_PROGRAM_H
#define AUTOPAR_CORE_PROGRAM_H

#include "autopar/core/Arena.h"
#include "autopar/core/Description.h"
#include "autopar/core/Rank.h"
#include "autopar/core/Target.h"

#include <functional>
#include <memory>

namespace autopar::inline runtime {

/// One rank's training program:
///
///     struct Train final : autopar::Program {
///       using Program::Program;
///       float *const conv1_weight = arena.at<float>(0, {64, 3, 7, 7});
///       void step() override;
///       void evaluate() override;
///     };
///
/// Set-up is the constructor; nothing is allocated after it. Between two calls
/// only the description's variables keep their values in the arena.
class Program {
public:
  Program(Rank &rank, Arena &arena) : rank(rank), arena(arena) {}
  virtual ~Program() = default;

  /// One optimizer step on the inputs now in the arena. A device's may still run when this
  /// returns: whoever reads the arena's memory waits for it.
  virtual void step() = 0;

  /// The update of the parameters, where a step is several micro-batches and step() one of them.
  virtual void update() {}

  /// The forward pass with running statistics, on the inputs now in the arena.
  virtual void evaluate() = 0;

protected:
  Rank &rank;
  Arena &arena;
};

using MakeProgram = std::function<std::unique_ptr<Program>(Rank &rank, Arena &arena)>;

/// Trains as the command line says (`--help` lists the options) and returns the
/// exit code. Every error is caught and told inside.
int trainMain(int argc, char **argv, const Description &description,
              const MakeProgram &makeProgram, const Target &target);

/// The main of an emitted program.
template <typename P>
int trainMain(int argc, char **argv, const Description &description,
              const Target &target) {
  const MakeProgram make = [](Rank &rank, Arena &arena) {
    return std::make_unique<P>(rank, arena);
  };
  return trainMain(argc, argv, description, make, target);
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_PROGRAM_H
