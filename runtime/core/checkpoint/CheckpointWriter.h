// Checkpoints that are written while training goes on. At a save every rank copies its pieces of
// the variables to one side, which is all that a step waits for, and a thread of its own writes
// them. When all ranks' parts are on disk, rank 0 makes a checkpoint of them.
// After TorchTitan's asynchronous and PyTorch's distributed checkpoints.

#ifndef AUTOPAR_CORE_CHECKPOINT_CHECKPOINTWRITER_H
#define AUTOPAR_CORE_CHECKPOINT_CHECKPOINTWRITER_H

#include "autopar/core/Arena.h"
#include "autopar/core/checkpoint/CheckpointFolder.h"
#include "autopar/core/checkpoint/Pieces.h"
#include "autopar/core/checkpoint/SavedRun.h"
#include "autopar/core/Rank.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace autopar::inline runtime {

/// All ranks make the same calls at the same steps.
class CheckpointWriter {
public:
  /// Of a save; rank 0 alone hears of it.
  struct Outcome {
    int64_t steps;            ///< of training
    std::string path;         ///< of the checkpoint
    std::string error;        ///< what stood against it; empty where it is there
    double heldUpSeconds = 0; ///< that training waited for it
    double seconds = 0;       ///< from its beginning until it was whole
  };

  /// `besideBytes`: what this rank may take of the host's memory for its copy. Where that is too
  /// little, and the arena lies there, parts are written from it, and training waits. All of
  /// `variables`, `rank` and `arena` must outlive it. Throws std::runtime_error where a rank cannot
  /// write into the folder. Collective.
  CheckpointWriter(const std::filesystem::path &folder, const KeptCheckpoints &kept,
                   std::span<const Variable> variables, const Rank &rank, Arena &arena,
                   size_t besideBytes);
  /// Waits for what is being written.
  ~CheckpointWriter();

  /// Bytes that this rank writes.
  size_t bytes() const { return ownBytes; }
  /// Whether training goes on while it does.
  bool isBeside() const { return beside; }

  /// Begins a save of what the arena holds. One before it that is not whole yet is waited for, and
  /// its outcome returned. Collective.
  std::optional<Outcome> begin(const SavedRun &run);
  /// What has come of it since, and takes no time. Collective.
  std::optional<Outcome> poll();
  /// Waits until nothing is being written. Collective.
  std::optional<Outcome> wait();

  /// Where this rank is about to end the run for a fault: brings what is being written to its end,
  /// or gives up after some seconds. Not collective, as the others may not know: a part that is in
  /// its place is whole.
  void settle() noexcept;

private:
  using Clock = std::chrono::steady_clock;

  struct Job {
    Outcome outcome;
    Clock::time_point start;
    std::string name; ///< of the checkpoint, in the folder
    std::shared_ptr<std::byte> copy; ///< of all pieces, end to end; null where there is none
    std::thread thread;
    std::atomic<bool> done = false;
    std::string digest, error; ///< of this rank's part, when done
    bool isPublished = false;  ///< the parts are there, and rank 0 makes a checkpoint of them
  };

  std::string makeFolder(int64_t steps, std::string &error) const;
  std::shared_ptr<std::byte> copyOfPieces() const;
  /// This rank's part.
  std::string writePart(const std::filesystem::path &path, const SavedRun &run,
                        const std::byte *copy) const;
  /// All ranks' parts have ended.
  std::optional<Outcome> agree();
  void publish(const std::vector<std::string> &digests);
  Outcome end();
  void start(Job &job, std::function<void()> work) const;

  std::filesystem::path path;
  KeptCheckpoints kept;
  std::span<const Variable> variables;
  const Rank &rank;
  Memory &memory; ///< the arena's
  std::vector<Piece> pieces;
  std::vector<std::span<const std::byte>> slices; ///< of the arena, each piece's
  size_t ownBytes = 0;
  bool beside;
  std::optional<CheckpointFolder> folder; ///< of rank 0
  std::unique_ptr<Job> job;
  std::string awaited; ///< of the other ranks: the checkpoint that rank 0 makes, or has made
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_CHECKPOINTWRITER_H
