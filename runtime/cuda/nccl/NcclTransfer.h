// A bucket over NCCL. What the exchange's plan sends by itself goes straight from and to its
// buffers, all in one group of NCCL's; what shares a message, or interleaves, is packed and
// unpacked by kernels through the workspace.
#ifndef AUTOPAR_RUNTIME_CUDA_NCCL_NCCLTRANSFER_H
#define AUTOPAR_RUNTIME_CUDA_NCCL_NCCLTRANSFER_H

#include "autopar/cuda/Collectives.h"
#include "autopar/mpi/Messages.h"

namespace autopar::cuda {

class NcclTransfer : public Transfer {
public:
  enum class Kind { AllReduce, AllGather, ReduceScatter, AllToAll };

  /// \throws std::invalid_argument when the plan is for another number of ranks.
  NcclTransfer(const Communicator &communicator, Exchange exchange, Kind kind);

  void run(const Stream &stream, std::span<const void *const> inputs,
           std::span<void *const> outputs, void *workspace) override;

private:
  void pack(const Stream &stream, const Message &message, std::span<const void *const> inputs,
            std::byte *to) const;
  void unpack(const Stream &stream, const Message &message, const std::byte *from,
              std::span<void *const> outputs) const;
  void transfer(const Stream &stream, const Message &message, const void *from, void *to) const;

  Exchange exchange;
  Kind kind;
  ncclComm *communicator;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_NCCL_NCCLTRANSFER_H
