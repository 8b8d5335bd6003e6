// The host's memory as an arena wants it: huge pages where the kernel gives them, every
// page touched by the threads that will work on it, and a guard behind the end.

#ifndef AUTOPAR_CORE_HOSTMEMORY_H
#define AUTOPAR_CORE_HOSTMEMORY_H

#include "autopar/core/Memory.h"

namespace autopar::inline runtime {

class HostMemory final : public Memory {
public:
  bool isHost() const override { return true; }

  /// Maps `bytes`, aligned for huge pages and with an unmapped page behind the end, and
  /// touches every page so that no step pays for page faults.
  std::byte *allocate(size_t bytes) override;
  void release(std::byte *base, size_t bytes) noexcept override;

  void write(void *to, const void *hostFrom, size_t bytes) override;
  void read(void *hostTo, const void *from, size_t bytes) override;
  void fill(void *to, std::byte value, size_t bytes) override;

  Timeline &timeline() override { return marks; }

  size_t footprint(size_t bytes) const override;
  size_t processPeakBytes() const override;

  /// The process's; for an arena that nobody records.
  static HostMemory &instance();

private:
  HostTimeline marks;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_HOSTMEMORY_H
