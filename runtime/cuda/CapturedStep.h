// A step as one CUDA graph: its hundreds of launches are handed to the device at once. All its
// work lies at fixed places of the arena, so one capture serves all steps.
#ifndef AUTOPAR_RUNTIME_CUDA_CAPTUREDSTEP_H
#define AUTOPAR_RUNTIME_CUDA_CAPTUREDSTEP_H

#include "autopar/cuda/Context.h"

#include <functional>

namespace autopar::cuda {

class CapturedStep {
public:
  /// `step` puts a step's work on the context's streams, communication forked from and joined
  /// to computation.
  CapturedStep(const Context &context, std::function<void()> step);
  ~CapturedStep();
  CapturedStep(const CapturedStep &) = delete;
  CapturedStep &operator=(const CapturedStep &) = delete;

  /// The first run goes to the streams as it is, so that libraries load their kernels and
  /// choose algorithms; the second is captured; all later ones launch the graph.
  void run();

private:
  void capture();

  const Context &context;
  std::function<void()> step;
  bool warm = false;
  cudaGraphExec_t graph = nullptr;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CAPTUREDSTEP_H
