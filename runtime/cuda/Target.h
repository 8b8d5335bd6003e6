// What an emitted program of this target runs with, beside its calls: a GPU, its memory, and
// the way to other ranks.
#ifndef AUTOPAR_RUNTIME_CUDA_TARGET_H
#define AUTOPAR_RUNTIME_CUDA_TARGET_H

#include "autopar/core/Arena.h"
#include "autopar/core/Target.h"
#include "autopar/cuda/Autotune.h"
#include "autopar/cuda/Context.h"
#include "autopar/cuda/DeviceMemory.h"
#include "autopar/cuda/Network.h"

namespace autopar::cuda {

/// One rank's. It is the arena's memory, by which a program finds it.
class Equipment final : public DeviceMemory {
public:
  Equipment(Rank &rank, Transport transport, double patience, bool graphs,
            std::unique_ptr<DriverAccount> driver)
      : DeviceMemory(context, std::move(driver)), network(rank, transport, patience), graphs(graphs) {}

  /// That of an arena which this target has made. \throws std::bad_cast for another.
  static Equipment &of(Arena &arena) { return dynamic_cast<Equipment &>(arena.memory()); }

  /// Where a step's loss is read the host waits for the step, and so for its peers. What was
  /// found out in it is then kept.
  void read(void *hostTo, const void *from, size_t bytes) override {
    network.await(context);
    DeviceMemory::read(hostTo, from, bytes);
    if (autotune)
      autotune->save();
  }

  void await(const Event &event) const override { network.await(event); }

  /// Where ranks have GPUs of their own all of it is within NCCL's reach.
  std::byte *allocate(size_t bytes) override;
  void release(std::byte *base, size_t bytes) noexcept override;

  Context context;
  Network network;
  const bool graphs; ///< whether steps may run as CUDA graphs
  std::unique_ptr<Autotune> autotune; ///< null unless asked for, and on other ranks than 0
};

/// For trainMain. Its options are --comm, the transport, --patience, --no-graph and --autotune.
const Target &target();

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_TARGET_H
