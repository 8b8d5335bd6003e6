// See Plan.h.
#include "autopar/cuda/cudnn/Plan.h"

#include "autopar/cuda/Planning.h"

#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cuda::cudnn;

static Descriptor device() {
  Descriptor result(CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
  result.set(CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION,
             std::string_view(cuda::plannedDevice().json));
  return result.finalize();
}

/// Whether the engine computes in the precision asked for and, as far as cuDNN notes it, the
/// same bits each time. (Of attention's backward pass it does not: there the graph decides.)
static bool isAllowed(const Descriptor &engineConfig, bool tensorCores) {
  const Descriptor engine =
      engineConfig.descriptors(CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_BACKEND_ENGINE_DESCRIPTOR)
          .front();
  const auto noted = [&](cudnnBackendNumericalNote_t note) {
    return engine.has(CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, note);
  };
  return !noted(CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC) &&
         !noted(CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION) &&
         (tensorCores || !(noted(CUDNN_NUMERICAL_NOTE_TENSOR_CORE) ||
                           noted(CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS)));
}

Plan::Plan(std::string call, const Graph &graph, Choice choice)
    : call(std::move(call)), choice(choice) {
  const Descriptor operations = graph.build();
  for (auto mode : {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK}) {
    Descriptor heuristic(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
    heuristic.set(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, operations)
        .set(CUDNN_ATTR_ENGINEHEUR_MODE, mode)
        .set(CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, device());
    if (!heuristic.tryFinalize())
      continue; // This mode knows nothing of the graph; the other may.
    for (Descriptor &engine : heuristic.descriptors(CUDNN_ATTR_ENGINEHEUR_RESULTS,
                                                    CUDNN_BACKEND_ENGINECFG_DESCRIPTOR))
      if (isAllowed(engine, choice.tensorCores))
        engines.push_back(std::move(engine));
  }
  if (!choose(choice.workspaceLimit))
    throw std::runtime_error(this->call + ": cuDNN has no plan for this on " +
                             cuda::plannedDevice().name + "; " +
                             std::to_string(engines.size()) +
                             " engines were tried; a program is compiled for one kind of GPU, "
                             "which autopar-compile --gpu names");
}

bool Plan::choose(size_t most) {
  for (const Descriptor &engine : engines) {
    Descriptor candidate(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
    candidate.set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, engine)
        .set(CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, device());
    if (!candidate.tryFinalize())
      continue;
    const int64_t wanted = candidate.integer(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE);
    if (static_cast<size_t>(wanted) > most)
      continue;
    plan = std::move(candidate);
    bytes = static_cast<size_t>(wanted);
    return true;
  }
  return false;
}

void Plan::run(cudnnHandle_t handle, std::span<const Operand> operands, void *workspace) const {
  std::vector<int64_t> ids;
  std::vector<void *> pointers;
  for (const Operand &operand : operands) {
    ids.push_back(operand.id);
    pointers.push_back(const_cast<void *>(operand.data));
  }
  Descriptor pack(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
  pack.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, std::span<const int64_t>(ids))
      .set(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, std::span<void *const>(pointers))
      .set(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, std::span<void *const>(&workspace, 1))
      .finalize();
  cuda::check(cudnnBackendExecute(handle, plan.get(), pack.get()));
}
