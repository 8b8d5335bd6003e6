// See StepRunner.h.
#include "autopar/cuda/StepRunner.h"

#include "autopar/cuda/Target.h"

#include <utility>

using namespace autopar;
using namespace autopar::cuda;

StepRunner::StepRunner(Arena &arena, std::function<void()> whole) : step(std::move(whole)) {
  const Equipment &equipment = Equipment::of(arena);
  if (equipment.network.transport() == Transport::Nccl)
    graph = std::make_unique<CapturedStep>(equipment.context, step);
}

void StepRunner::run() { graph ? graph->run() : step(); }
