// Which checkpoint a run goes back to, or tells of where it ends: the newest in its folder, and
// never one that lay there before, which may be another run's.

#ifndef AUTOPAR_CORE_GUARD_WAYBACK_H
#define AUTOPAR_CORE_GUARD_WAYBACK_H

#include "autopar/core/checkpoint/CheckpointFolder.h"

#include <functional>
#include <optional>
#include <string>

namespace autopar::inline runtime {

class WayBack {
public:
  /// A checkpoint as it was written; another under its name is another one.
  struct Checkpoint {
    std::filesystem::path file;
    int64_t steps;
    std::filesystem::file_time_type written;
    bool operator==(const Checkpoint &) const = default;
  };

  /// The folder of --checkpoints as a run begins; empty where it has none. `settle` brings what is
  /// being written there to its end, and must not wait for other ranks.
  WayBack(std::string folder, std::function<void()> settle);

  /// The newest that this run has kept.
  std::optional<Checkpoint> newestOfRun() const;

  /// For an error's text, the newest that is there: "; the newest checkpoint is …"; empty
  /// where there is none.
  std::string text() const;

private:
  std::optional<Checkpoint> newest() const;

  std::string folder;
  std::function<void()> settle;
  std::optional<Checkpoint> before;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_GUARD_WAYBACK_H
