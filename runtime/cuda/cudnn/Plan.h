// An execution plan of cuDNN: one graph of operations, made for a device that need not be here.
// Which engine runs it is cuDNN's heuristics' choice among those that keep the precision asked
// for and that cuDNN does not note as nondeterministic.
#ifndef AUTOPAR_RUNTIME_CUDA_CUDNN_PLAN_H
#define AUTOPAR_RUNTIME_CUDA_CUDNN_PLAN_H

#include "autopar/cuda/cudnn/Graph.h"

#include <initializer_list>
#include <span>
#include <string>

namespace autopar::cuda::cudnn {

class Plan {
public:
  struct Choice {
    /// Whether tensor cores may be used: they round f32 factors to TF32's 10 bits.
    bool tensorCores = true;
    /// Engines that want more bytes are left out.
    size_t workspaceLimit = size_t(1) << 30;
  };

  struct Operand {
    int64_t id;
    const void *data;
  };

  /// For the planned device (see planFor). `call` names the plan in errors. \throws
  /// std::runtime_error when cuDNN has no engine for it.
  Plan(std::string call, const Graph &graph, Choice choice);

  size_t workspaceBytes() const { return bytes; }

  /// Keeps the plan where its workspace is no larger than `planned`, else takes the next one
  /// whose is. Returns whether there is one.
  bool fit(size_t planned) { return bytes <= planned || choose(planned); }

  /// On the handle's stream.
  void run(cudnnHandle_t handle, std::span<const Operand> operands, void *workspace) const;
  void run(cudnnHandle_t handle, std::initializer_list<Operand> operands,
           void *workspace) const {
    run(handle, std::span(operands.begin(), operands.size()), workspace);
  }

private:
  /// Takes the first engine that needs at most `most` bytes. Returns whether there is one.
  bool choose(size_t most);

  std::string call;
  Choice choice;
  std::vector<Descriptor> engines; ///< their configurations, the best first
  Descriptor plan{CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR};
  size_t bytes = 0;
};

} // namespace autopar::cuda::cudnn

#endif // AUTOPAR_RUNTIME_CUDA_CUDNN_PLAN_H
