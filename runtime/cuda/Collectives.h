// The collectives of the CUDA target: see runtime/mpi/Collectives.h for what each does, and
// runtime/mpi/CollectivePlan.h for its plan and workspace. They run beside computation, in the
// order of their calls, and computation waits for one where it joins it.
#ifndef AUTOPAR_RUNTIME_CUDA_COLLECTIVES_H
#define AUTOPAR_RUNTIME_CUDA_COLLECTIVES_H

#include "autopar/core/Pointers.h"
#include "autopar/cuda/Context.h"
#include "autopar/cuda/Network.h"
#include "autopar/cuda/Stream.h"
#include "autopar/mpi/CollectivePlan.h"

#include <memory>
#include <span>

namespace autopar::cuda {

/// A bucket's buffers in device memory, in the order of the plan's tensors.
using Inputs = Pointers<const void *>;
using Outputs = Pointers<void *>;

/// What is behind a collective's call: one way of moving a bucket.
class Transfer {
public:
  virtual ~Transfer() = default;
  virtual void run(const Stream &stream, std::span<const void *const> inputs,
                   std::span<void *const> outputs, void *workspace) = 0;
};

/// Constructors throw std::invalid_argument as those of runtime/mpi do, and a run with another
/// number of buffers than the plan has. Sums have the same bits on every rank that holds them.
class Collective {
public:
  ~Collective();
  Collective(Collective &&) noexcept;

  size_t workspaceBytes() const { return bytes; }

  /// Computation put out from here on comes after the last call of this collective, and so after
  /// those before it. Until then its buffers and its workspace are its own.
  void join(const Context &context) const;

protected:
  Collective(std::unique_ptr<Transfer> transfer, size_t tensors, size_t workspaceBytes);
  /// Starts when all computation so far is done.
  void run(const Context &context, std::span<const void *const> inputs,
           std::span<void *const> outputs, void *workspace) const;

private:
  std::unique_ptr<Transfer> transfer;
  size_t tensors, bytes;
  Event done;
};

/// F32, F64, and by NCCL BF16 and F16.
class AllReduce : public Collective {
public:
  AllReduce(const Communicator &communicator, const AllReducePlan &plan);
  void operator()(const Context &context, Outputs tensors, void *workspace) const;
};

class AllGather : public Collective {
public:
  AllGather(const Communicator &communicator, const AllGatherPlan &plan);
  void operator()(const Context &context, Inputs blocks, Outputs whole, void *workspace) const;
};

/// Of AllReduce's types.
class ReduceScatter : public Collective {
public:
  ReduceScatter(const Communicator &communicator, const ReduceScatterPlan &plan);
  void operator()(const Context &context, Inputs partialSums, Outputs blocks,
                  void *workspace) const;
};

class AllToAll : public Collective {
public:
  AllToAll(const Communicator &communicator, const AllToAllPlan &plan);
  void operator()(const Context &context, Inputs from, Outputs to, void *workspace) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_COLLECTIVES_H
