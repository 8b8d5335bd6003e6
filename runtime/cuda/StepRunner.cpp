// See StepRunner.h.
#include "autopar/cuda/StepRunner.h"

#include "autopar/cuda/Target.h"

#include <utility>

using namespace autopar;
using namespace autopar::cuda;

StepRunner::StepRunner(Arena &arena, std::function<void()> whole)
    : timeline(arena.memory().timeline()), step(std::move(whole)) {
  const Equipment &equipment = Equipment::of(arena);
  if (equipment.graphs && equipment.network.transport() == Transport::Nccl)
    graph = std::make_unique<CapturedStep>(equipment.context, step);
}

void StepRunner::run() {
  if (graph && !timeline.isRecording())
    graph->run();
  else
    step();
}
