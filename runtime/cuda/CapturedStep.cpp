// See CapturedStep.h.
#include "autopar/cuda/CapturedStep.h"

#include <utility>

using namespace autopar::cuda;

CapturedStep::CapturedStep(const Context &context, std::function<void()> step)
    : context(context), step(std::move(step)) {}

CapturedStep::~CapturedStep() {
  if (graph)
    cudaGraphExecDestroy(graph);
}

void CapturedStep::capture() {
  cudaGraph_t captured = nullptr;
  check(cudaStreamBeginCapture(context.compute, cudaStreamCaptureModeThreadLocal));
  try {
    step();
  } catch (...) {
    // What was wrong is the step's to tell; the capture is thrown away.
    cudaStreamEndCapture(context.compute, &captured);
    if (captured)
      cudaGraphDestroy(captured);
    throw;
  }
  check(cudaStreamEndCapture(context.compute, &captured));
  // Else all of it would run at the priority of the stream that launches it.
  const cudaError_t status =
      cudaGraphInstantiate(&graph, captured, cudaGraphInstantiateFlagUseNodePriority);
  check(cudaGraphDestroy(captured));
  check(status);
}

void CapturedStep::run() {
  if (!std::exchange(warm, true)) {
    step();
    return;
  }
  if (!graph)
    capture();
  check(cudaGraphLaunch(graph, context.compute));
}
