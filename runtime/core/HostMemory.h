// The host's memory as an arena wants it: huge pages where the kernel gives them, every
// page touched by the threads that will work on it, and a guard at either end.

#ifndef AUTOPAR_CORE_HOSTMEMORY_H
#define AUTOPAR_CORE_HOSTMEMORY_H

#include "autopar/core/Memory.h"

namespace autopar::inline runtime {

class HostMemory final : public Memory {
public:
  bool isHost() const override { return true; }

  /// Maps `bytes`, aligned for huge pages and between guards, and touches every page so that no
  /// step pays for page faults.
  std::byte *allocate(size_t bytes) override;
  void release(std::byte *base, size_t bytes) noexcept override;

  void write(void *to, const void *hostFrom, size_t bytes) override;
  void read(void *hostTo, const void *from, size_t bytes) override;

  Timeline &timeline() override { return marks; }

  size_t footprint(size_t bytes) const override;

  /// All that was resident at once, by the kernel: the arena, the heap, MPI's segments, the code
  /// of libraries, though ranks share it. What is read from files counts where it is kept, not
  /// what the kernel caches of them.
  size_t processPeakBytes() const override;
  std::string_view account() const override { return "peak resident set"; }

  /// The process's; for an arena that nobody records.
  static HostMemory &instance();

private:
  HostTimeline marks;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_HOSTMEMORY_H
