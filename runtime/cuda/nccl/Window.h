// Device memory that all ranks' GPUs reach: NCCL then moves what collectives send straight from
// and to it, without copies between buffers of its own. A program's arena is such memory: its
// slices lie at the same offsets on all ranks, which is what NCCL asks of symmetric windows.
#ifndef AUTOPAR_RUNTIME_CUDA_NCCL_WINDOW_H
#define AUTOPAR_RUNTIME_CUDA_NCCL_WINDOW_H

#include "autopar/core/Peers.h"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

struct ncclComm;
struct ncclWindow_vidmem;

namespace autopar::cuda {

class Window {
public:
  /// Of `bytes`. Null on all ranks where any cannot have it: NCCL is older than 2.27, or
  /// there is no room for what NCCL may round sizes up to. Collective.
  static std::unique_ptr<Window> allocate(Peers &peers, size_t bytes);
  ~Window();
  Window(const Window &) = delete;
  Window &operator=(const Window &) = delete;

  std::byte *data() const { return memory; }

  /// For collectives of this communicator from here on, where NCCL can. Collective among its
  /// ranks.
  void registerWith(ncclComm *communicator);

private:
  Window(std::byte *memory, size_t bytes) : memory(memory), bytes(bytes) {}

  std::byte *memory;
  size_t bytes;
  std::vector<std::pair<ncclComm *, ncclWindow_vidmem *>> registered;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_NCCL_WINDOW_H
