// A device's memory as core sees memory: the arena is one cudaMalloc, and whatever the host
// writes or reads there is ordered with the calls on the context's compute stream. A few bytes
// are written and read without waiting for that; a batch comes on a stream of its own.
#ifndef AUTOPAR_RUNTIME_CUDA_DEVICEMEMORY_H
#define AUTOPAR_RUNTIME_CUDA_DEVICEMEMORY_H

#include "autopar/core/Memory.h"
#include "autopar/cuda/Context.h"
#include "autopar/cuda/DeviceFeed.h"
#include "autopar/cuda/DriverAccount.h"

#include <vector>

namespace autopar::cuda {

/// What is said where a plan does not fit.
[[noreturn]] void failForWantOfMemory(size_t wanted, size_t free);

class DeviceMemory : public Memory {
public:
  /// Without a driver's account of the process CUDA's of the whole GPU has to do: asked for
  /// what is free it makes the context, so there is no asking before that.
  explicit DeviceMemory(const Context &context,
                        std::unique_ptr<DriverAccount> driver = nullptr);
  ~DeviceMemory() override;

  bool isHost() const override { return false; }

  /// \throws std::runtime_error with the bytes wanted and those free, where they are too few.
  std::byte *allocate(size_t bytes) override;
  void release(std::byte *base, size_t bytes) noexcept override;

  void write(void *to, const void *hostFrom, size_t bytes) override;
  void read(void *hostTo, const void *from, size_t bytes) override;

  std::unique_ptr<Reading> readLater(const void *from, size_t bytes) override;
  Feed *feed() override { return &ofBatches; }

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

  /// Blocks the host until the work that the event marks is done.
  virtual void await(const Event &event) const { event.synchronize(); }

private:
  class Later;
  struct Place;

  void writeSmall(void *to, const void *hostFrom, size_t bytes);

  const Context &context;
  std::unique_ptr<DriverAccount> driver;
  DeviceFeed ofBatches;

  /// What has been written and may not have been copied yet lies in pinned places, one behind
  /// the other; when all have been used the last one's copy is waited for.
  std::shared_ptr<std::byte> written;
  size_t placesWritten = 0;
  Event allWritten;

  std::vector<std::unique_ptr<Place>> spare; ///< of readings that are over
  mutable size_t peak = 0;
  mutable std::string_view source;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_DEVICEMEMORY_H
