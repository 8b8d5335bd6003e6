// Where an arena lies: the host's memory, or a device's. Core writes variables and
// batches and reads losses through this alone, so that a target brings its kind of
// memory by one class. What the host may touch directly it does: see Staging.h.

#ifndef AUTOPAR_CORE_MEMORY_H
#define AUTOPAR_CORE_MEMORY_H

#include "autopar/core/Feed.h"
#include "autopar/core/Reading.h"
#include "autopar/core/Timeline.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace autopar::inline runtime {

/// write and read keep the order of the program's own work: they come after the step that was
/// started before them, and a step that is started after them finds them done. The host's side
/// of a copy may be used again when the call returns.
class Memory {
public:
  virtual ~Memory() = default;

  /// Whether the host reads and writes this memory by itself.
  virtual bool isHost() const = 0;

  /// `bytes` of zeros, at a multiple of Arena::alignment at least. Throws std::runtime_error
  /// naming what is wanted, and what is free where that is known.
  virtual std::byte *allocate(size_t bytes) = 0;
  virtual void release(std::byte *base, size_t bytes) noexcept = 0;

  virtual void write(void *to, const void *hostFrom, size_t bytes) = 0;
  virtual void read(void *hostTo, const void *from, size_t bytes) = 0;

  /// Starts to read at most `fewBytes`, and returns before the work that comes before is done.
  virtual std::unique_ptr<Reading> readLater(const void *from, size_t bytes);
  static constexpr size_t fewBytes = 64;

  /// What brings batches while a step runs; null where the host writes them into the arena.
  virtual Feed *feed() { return nullptr; }

  /// Host memory from which `write` is fast, at a multiple of Arena::alignment. Unless a
  /// target knows better, the host's ordinary one.
  virtual std::shared_ptr<std::byte> staging(size_t bytes);

  /// When a program's calls work on this memory.
  virtual Timeline &timeline() = 0;

  /// What `bytes` take, which is whole pages.
  virtual size_t footprint(size_t bytes) const = 0;

  /// The most of this memory that the process has taken so far, for whatever it was: the arena,
  /// libraries, communicators, the runtime's buffers. By the account of who hands memory out,
  /// not by ours.
  virtual size_t processPeakBytes() const = 0;
  /// Whose account that is, for people: "peak resident set".
  virtual std::string_view account() const = 0;

  /// What is in use now of a device, whoever has it: all that it has less what is free. 0 for the
  /// host's memory.
  virtual size_t deviceUsedBytes() const { return 0; }
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_MEMORY_H
