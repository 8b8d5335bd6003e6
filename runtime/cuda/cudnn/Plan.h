// One graph of cuDNN's operations as a call runs it: by the first of the engines for it that
// wants no more workspace than there is. On the device itself the first run settles that: an
// engine that fails there is passed over, under --autotune the first few that do not are timed,
// and all ranks take what rank 0 has come to.
#ifndef AUTOPAR_RUNTIME_CUDA_CUDNN_PLAN_H
#define AUTOPAR_RUNTIME_CUDA_CUDNN_PLAN_H

#include "autopar/cuda/cudnn/Engines.h"

#include <initializer_list>
#include <span>
#include <string>

namespace autopar::cuda::cudnn {

class Plan {
public:
  struct Demands {
    Engines::Terms engines = {};
    /// Engines that want more bytes are left out.
    size_t workspaceLimit = size_t(1) << 30;
  };

  struct Operand {
    int64_t id;
    const void *data;
  };

  /// For the planned device (see planFor). `call` names the plan in errors. \throws
  /// std::runtime_error when cuDNN has no engine for it.
  Plan(std::string call, const Graph &graph, Demands demands);

  size_t workspaceBytes() const { return engines->plan(*choice->engine)->workspaceBytes; }

  /// From here on takes what wants no more than `planned` bytes. Returns whether there is
  /// anything.
  bool fit(size_t planned);

  /// On the handle's stream. The first run of plans that are alike may do the work more than
  /// once; it is not to be captured. \throws std::runtime_error where no engine can run it.
  void run(cudnnHandle_t handle, std::span<const Operand> operands, void *workspace) const;
  void run(cudnnHandle_t handle, std::initializer_list<Operand> operands,
           void *workspace) const {
    run(handle, std::span(operands.begin(), operands.size()), workspace);
  }

  /// The same, but returns false where no engine can run it, on this rank or on rank 0.
  bool tryRun(cudnnHandle_t handle, std::span<const Operand> operands, void *workspace) const;

private:
  class Run;
  /// The first run.
  void settle(const Run &run) const;
  bool runs(const Run &run, size_t engine) const;
  std::optional<size_t> firstThatRuns(const Run &run) const;
  /// By the record, or else by the clock.
  std::optional<size_t> fastest(const Run &run, const std::string &name) const;
  /// Takes rank 0's choice in place of this rank's.
  void follow(const std::string &first, const Run &run) const;
  void tellOfFailures() const;

  std::string call;
  std::shared_ptr<Engines> engines;
  size_t limit;
  std::shared_ptr<Choice> choice; ///< of all plans that are alike
};

} // namespace autopar::cuda::cudnn

#endif // AUTOPAR_RUNTIME_CUDA_CUDNN_PLAN_H
