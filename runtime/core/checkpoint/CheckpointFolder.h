// The checkpoints of a run as it goes on: a folder with a folder for each, and an index that has
// their order. A kill at any moment leaves something whole to go on from: a checkpoint counts once
// its own checkpoint.json is there, which comes when all else of it is on disk, and what is old goes
// last.
//
//     checkpoints.json
//     step-00000100/checkpoint.json  rank-0.safetensors  rank-1.safetensors
//     step-00000200/rank-1.safetensors                                       half written

#ifndef AUTOPAR_CORE_CHECKPOINT_CHECKPOINTFOLDER_H
#define AUTOPAR_CORE_CHECKPOINT_CHECKPOINTFOLDER_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace autopar::inline runtime {

/// Which checkpoints stay.
struct KeptCheckpoints {
  int64_t newest = 3;
  int64_t every = 0; ///< those after every so many steps stay for good; 0: none does
};

class CheckpointFolder {
public:
  struct Entry {
    std::string name; ///< in the folder; of a file, where an earlier program wrote it
    int64_t steps;    ///< of training that it has seen
    bool isForGood = false;
  };

  /// What is in the folder, if it is there. Throws std::runtime_error, naming the index, where that
  /// cannot be read or is none of this version.
  explicit CheckpointFolder(std::filesystem::path folder);

  /// Makes the folder, sees that files can be written there, and removes what a kill left half
  /// written. Throws std::runtime_error.
  void require() const;

  /// In the order of their writing: a run that went back is ahead of what it left. Those that have
  /// gone, or are not whole, are left out.
  const std::vector<Entry> &entries() const & { return list; }
  std::vector<Entry> entries() && { return std::move(list); }
  /// The last of them; none in a folder without.
  std::optional<Entry> newest() const;

  const std::filesystem::path &path() const { return folder; }

  /// Makes a folder of its own for the checkpoint after so many steps, and returns its name. Throws
  /// std::runtime_error.
  std::string make(int64_t steps) const;
  /// All of `entry` is there but its checkpoint.json, which is to be `text`. Puts that in its place,
  /// and removes those that need not stay; only what the index names is removed.
  void add(const Entry &entry, const std::string &text, const KeptCheckpoints &kept);
  /// Removes what programs write of a checkpoint. What else is in there stays.
  void remove(const std::string &name) const;

  /// The folder that a checkpoint lies in, by its path; with a slash behind or not.
  static std::filesystem::path around(const std::filesystem::path &checkpoint);

private:
  std::filesystem::path index() const { return folder / "checkpoints.json"; }
  void findWithoutIndex();
  void writeIndex() const;

  std::filesystem::path folder;
  std::vector<Entry> list;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_CHECKPOINTFOLDER_H
