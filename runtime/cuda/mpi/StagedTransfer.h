// A bucket over MPI: from the device into pinned memory, through the collective of runtime/mpi
// between the hosts, and back. A tensor at a time, and the host waits for each: right and slow.
#ifndef AUTOPAR_RUNTIME_CUDA_MPI_STAGEDTRANSFER_H
#define AUTOPAR_RUNTIME_CUDA_MPI_STAGEDTRANSFER_H

#include "autopar/cuda/Collectives.h"
#include "autopar/mpi/Collectives.h"
#include "autopar/mpi/Messages.h"

#include <vector>

namespace autopar::cuda {

/// Memory that the device copies from and to by itself.
class PinnedMemory {
public:
  explicit PinnedMemory(size_t bytes) {
    if (bytes)
      check(cudaMallocHost(&memory, bytes));
  }
  ~PinnedMemory() { cudaFreeHost(memory); }
  PinnedMemory(PinnedMemory &&other) noexcept : memory(std::exchange(other.memory, nullptr)) {}

  void *data() const { return memory; }

private:
  void *memory = nullptr;
};

template <class OverMpi, class Plan> class StagedTransfer : public Transfer {
public:
  StagedTransfer(const Group &group, const Plan &plan) {
    for (const auto &tensor : plan.tensors) {
      const Plan alone{plan.ranks, plan.type, {tensor}};
      stages.emplace_back(group, alone);
    }
  }

  void run(const Stream &stream, std::span<const void *const> inputs,
           std::span<void *const> outputs, void *) override {
    for (size_t i = 0; i < stages.size(); ++i) {
      Stage &stage = stages[i];
      check(cudaMemcpyAsync(stage.input.data(), inputs[i], stage.inputBytes,
                            cudaMemcpyDeviceToHost, stream));
      stream.synchronize();
      check(cudaMemcpyAsync(outputs[i], stage.exchange(), stage.outputBytes,
                            cudaMemcpyHostToDevice, stream));
      stream.synchronize(); // The pinned memory is written again by the next run.
    }
  }

private:
  static constexpr bool inPlace = std::is_same_v<Plan, AllReducePlan>;

  struct Stage {
    OverMpi call;
    size_t inputBytes, outputBytes;
    PinnedMemory input, output, workspace;

    Stage(const Group &group, const Plan &plan) : Stage(group, plan, Exchange(plan)) {}
    Stage(const Group &group, const Plan &plan, const Exchange &exchange)
        : call(group, plan), inputBytes(exchange.routes[0].blockBytes * exchange.blocksSent),
          outputBytes(exchange.routes[0].blockBytes * exchange.blocksReceived),
          input(inputBytes), output(inPlace ? 0 : outputBytes),
          workspace(call.workspaceBytes()) {}

    /// Returns where the result lies.
    const void *exchange() const {
      if constexpr (inPlace) {
        call({input.data()}, workspace.data());
        return input.data();
      } else {
        call({input.data()}, {output.data()}, workspace.data());
        return output.data();
      }
    }
  };

  std::vector<Stage> stages;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_MPI_STAGEDTRANSFER_H
