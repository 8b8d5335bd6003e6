// A device's memory as core sees memory: the arena is one cudaMalloc, and whatever the host
// writes or reads there is ordered with the calls on the context's compute stream.
#ifndef AUTOPAR_RUNTIME_CUDA_DEVICEMEMORY_H
#define AUTOPAR_RUNTIME_CUDA_DEVICEMEMORY_H

#include "autopar/core/Memory.h"
#include "autopar/cuda/Context.h"
#include "autopar/cuda/DriverAccount.h"

namespace autopar::cuda {

/// What is said where a plan does not fit.
[[noreturn]] void failForWantOfMemory(size_t wanted, size_t free);

class DeviceMemory : public Memory {
public:
  /// Without a driver's account of the process CUDA's of the whole GPU has to do: asked for
  /// what is free it makes the context, so there is no asking before that.
  explicit DeviceMemory(const Context &context, std::unique_ptr<DriverAccount> driver = nullptr)
      : context(context), driver(std::move(driver)) {}

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

  /// The driver tells what is taken now. A program takes what it needs in set-up and in its first
  /// steps, and gives nothing back before its end: asked at the end this is the most.
  size_t processPeakBytes() const override;
  std::string_view account() const override { return source; }
  size_t deviceUsedBytes() const override;

protected:
  void clear(void *base, size_t bytes) const;

private:
  const Context &context;
  std::unique_ptr<DriverAccount> driver;
  mutable size_t peak = 0;
  mutable std::string_view source;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_DEVICEMEMORY_H
