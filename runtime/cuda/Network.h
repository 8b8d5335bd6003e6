// How ranks reach each other: by NCCL, from GPU to GPU; or, where several ranks share a GPU
// (which NCCL refuses), by MPI between copies in the hosts' memory. Chosen once, at start-up;
// collectives are the same calls either way.
#ifndef AUTOPAR_RUNTIME_CUDA_NETWORK_H
#define AUTOPAR_RUNTIME_CUDA_NETWORK_H

#include "autopar/core/Rank.h"
#include "autopar/cuda/Context.h"
#include "autopar/cuda/nccl/Window.h"

#include <functional>
#include <map>
#include <memory>

struct ncclComm;

namespace autopar::cuda {

enum class Transport {
  Nccl, ///< a GPU for each rank; may be captured in a CUDA graph
  Mpi,  ///< slow: every collective waits for the device; to check programs with few GPUs
};

/// A group of ranks and what they talk through. Of NCCL's communicators the one of all ranks is
/// made first, and the others are split off it and share its buffers, where NCCL knows that:
/// each with buffers of its own is reported to take some 0.7 GB (github.com/NVIDIA/nccl, issues
/// 864 and 964).
struct Communicator {
  Group group;
  Transport transport;
  ncclComm *nccl = nullptr; ///< none by MPI
};

class Network {
public:
  /// Before the arena is taken, so that what communicators need is there. Collective.
  /// `patience`: seconds after which work that has not ended counts as hanging.
  Network(Rank &rank, Transport transport, double patience);
  ~Network();
  Network(const Network &) = delete;
  Network &operator=(const Network &) = delete;

  Transport transport() const { return way; }

  /// `bytes` of device memory that NCCL sends from and receives in without copies between
  /// buffers of its own; null where there is no such way, or the memory was had before.
  /// Collective.
  std::byte *allocate(size_t bytes);

  /// Frees `memory` if it was allocated so. Returns whether it was.
  bool release(std::byte *memory) noexcept;

  /// The group over `axes`, as Rank::group: asked for by all ranks in the same order.
  const Communicator &group(AxisSet axes);

  /// Waits until the streams' work is done, as their synchronize() does, but not for a peer
  /// that is gone. \throws std::runtime_error for an error that NCCL has met, and when patience
  /// ends. Collectives may still be under way then: who waits for them waits for ever.
  void await(const Context &context) const;
  /// The same for the work that the event marks.
  void await(const Event &event) const;

private:
  void awaitAll(const std::function<bool()> &isDone) const;
  ncclComm *communicatorOf(const Group &group);

  Rank &rank;
  Transport way;
  double patience;
  ncclComm *world = nullptr; ///< of all ranks, where others are split off it
  std::unique_ptr<Window> window;
  std::map<AxisSet, Communicator> communicators;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_NETWORK_H
