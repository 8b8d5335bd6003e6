// The checkpoints of a run as it goes on: a folder with a file for each, and an index of those that
// are whole. A kill at any moment leaves a folder that a run can go on from: a file is in its
// place once it is on disk, the index names it only then, and what is old goes last.

#ifndef AUTOPAR_CORE_CHECKPOINTFOLDER_H
#define AUTOPAR_CORE_CHECKPOINTFOLDER_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
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
    std::string file; ///< in the folder
    int64_t steps;    ///< of training that it has seen
  };

  /// What is in the folder, if it is there. Throws std::runtime_error, naming the index, where that
  /// cannot be read or is none of this version.
  explicit CheckpointFolder(std::filesystem::path folder);

  /// Makes the folder, and sees that files can be written there, and that none of somebody else's
  /// has the name of one. Throws std::runtime_error.
  void require() const;

  /// In the order of their writing: a run that went back is ahead of what it left. Those whose file
  /// has gone are left out.
  const std::vector<Entry> &entries() const { return list; }
  /// The last of them; none in a folder without.
  std::optional<Entry> newest() const;

  const std::filesystem::path &path() const { return folder; }
  /// Where the checkpoint after so many steps is to be written.
  std::filesystem::path fileAfter(int64_t steps) const;
  /// It is there, whole: puts it into the index, and removes those that need not stay. Only what
  /// the index names is removed.
  void add(int64_t steps, const KeptCheckpoints &kept);

private:
  std::filesystem::path index() const { return folder / "checkpoints.json"; }

  std::filesystem::path folder;
  std::vector<Entry> list;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINTFOLDER_H
