// A device's memory as core sees memory: the arena is one cudaMalloc, and whatever the host
// writes or reads there is ordered with the calls on the context's compute stream.
#ifndef AUTOPAR_RUNTIME_CUDA_DEVICEMEMORY_H
#define AUTOPAR_RUNTIME_CUDA_DEVICEMEMORY_H

#include "autopar/core/Memory.h"
#include "autopar/cuda/Context.h"

namespace autopar::cuda {

/// What is said where a plan does not fit.
[[noreturn]] void failForWantOfMemory(size_t wanted, size_t free);

class DeviceMemory : public Memory {
public:
  explicit DeviceMemory(const Context &context) : context(context) {}

  bool isHost() const override { return false; }

  /// \throws std::runtime_error with the bytes wanted and those free, where they are too few.
  std::byte *allocate(size_t bytes) override;
  void release(std::byte *base, size_t bytes) noexcept override;

  void write(void *to, const void *hostFrom, size_t bytes) override;
  void read(void *hostTo, const void *from, size_t bytes) override;

  /// Pinned: the device copies from it by itself.
  std::shared_ptr<std::byte> staging(size_t bytes) override;

  Timeline &timeline() override { return context.timeline; }

  size_t footprint(size_t bytes) const override;

  /// What the device has less since the first allocation here, and that allocation itself: what
  /// others take on the same device meanwhile counts too.
  size_t processPeakBytes() const override;
  std::string_view account() const override { return "by cudaMemGetInfo, without the context"; }

private:
  const Context &context;
  size_t freeAtFirst = 0; ///< before the first allocation; 0 where there was none yet
  mutable size_t peak = 0;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_DEVICEMEMORY_H
