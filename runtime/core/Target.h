// What a target brings to trainMain besides the calls that programs are made of.

#ifndef AUTOPAR_CORE_TARGET_H
#define AUTOPAR_CORE_TARGET_H

#include "autopar/core/Memory.h"
#include "autopar/core/Rank.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace autopar::inline runtime {

/// An option of the command line that only this target has.
struct TargetOption {
  std::string_view name;     ///< "--comm"
  std::string_view argument; ///< "KIND" in --help; empty for a flag
  std::string_view meaning;
  bool differs = false;  ///< each rank may have a value of its own
  bool isOutput = false; ///< a file that rank 0 writes
};

/// Those that were given: name -> value, "" for a flag. The target checks the values.
using TargetOptions = std::map<std::string, std::string, std::less<>>;

struct Target {
  /// How its programs find each other's ranks.
  JoinPeers join = nullptr;

  std::span<const TargetOption> options = {};

  /// Chooses this rank's device where there are several, and makes its memory: called once,
  /// on every rank, before anything is allocated. A program reaches it as arena.memory().
  std::unique_ptr<Memory> (*makeMemory)(Rank &rank, const TargetOptions &options) = nullptr;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TARGET_H
