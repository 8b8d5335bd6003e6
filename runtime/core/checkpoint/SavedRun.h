// How far the run had come that wrote a checkpoint: what stands beside the variables, and is
// all that a run needs to go on but what they hold.

#ifndef AUTOPAR_CORE_CHECKPOINT_SAVEDRUN_H
#define AUTOPAR_CORE_CHECKPOINT_SAVEDRUN_H

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace autopar::inline runtime {

struct SavedRun {
  std::string model;              ///< empty where the file does not say
  std::optional<int64_t> steps;   ///< of training; a file of somebody else's has none
  std::optional<int64_t> samples; ///< that those have read, in the data's unit
  std::optional<uint64_t> seed;

  /// What a checkpoint's metadata say. Throws std::runtime_error that names its path and what is
  /// no number there.
  static SavedRun of(const std::map<std::string, std::string> &metadata,
                     const std::filesystem::path &path);

  /// What of() reads.
  std::map<std::string, std::string> metadata() const;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_SAVEDRUN_H
