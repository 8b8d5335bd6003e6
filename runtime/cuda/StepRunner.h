// Runs a step in the way that its collectives allow: as one CUDA graph, or call by call.
#ifndef AUTOPAR_RUNTIME_CUDA_STEPRUNNER_H
#define AUTOPAR_RUNTIME_CUDA_STEPRUNNER_H

#include "autopar/cuda/CapturedStep.h"

#include <functional>
#include <memory>

namespace autopar::inline runtime {
class Arena;
class Timeline;
}

namespace autopar::cuda {

class StepRunner {
public:
  /// `step` puts a step's work on the streams of the arena's equipment. Collectives through the
  /// host wait for the device, so a step with them cannot be captured; one that is recorded runs
  /// call by call, and every one where the equipment is without graphs.
  StepRunner(Arena &arena, std::function<void()> step);

  void run();

private:
  const Timeline &timeline;
  std::function<void()> step;
  std::unique_ptr<CapturedStep> graph; ///< null where the step is run call by call
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_STEPRUNNER_H
