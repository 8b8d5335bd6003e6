// See Engines.h.
#include "autopar/cuda/cudnn/Engines.h"

#include "autopar/core/Digest.h"
#include "autopar/cuda/Planning.h"

#include <mutex>

using namespace autopar;
using namespace autopar::cuda::cudnn;

/// A device that need not be here.
static Descriptor describedDevice() {
  Descriptor result(CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
  result.set(CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION,
             std::string_view(cuda::plannedDevice().json));
  return result.finalize();
}

static Descriptor engineOf(const Descriptor &configuration) {
  return configuration
      .descriptors(CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_BACKEND_ENGINE_DESCRIPTOR)
      .front();
}

static bool isAllowed(const Descriptor &engine, const Engines::Terms &terms) {
  const auto noted = [&](cudnnBackendNumericalNote_t note) {
    return engine.has(CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, note);
  };
  return !(terms.deterministic && noted(CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC)) &&
         !noted(CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION) &&
         (terms.tensorCores || !(noted(CUDNN_NUMERICAL_NOTE_TENSOR_CORE) ||
                           noted(CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS)));
}

/// What is asked of cuDNN, whoever asks.
static std::string questionOf(const Descriptor &graph, const Engines::Terms &terms) {
  return graph.description() + (terms.tensorCores ? " tensor cores" : "") +
         (terms.deterministic ? " deterministic" : "");
}

std::shared_ptr<Engines> Engines::of(const Graph &graph, Terms terms) {
  const Descriptor operations = graph.build();
  // Whose engines they are is part of what is asked.
  const std::string question = questionOf(operations, terms) + plannedDevice().json +
                               std::to_string(reinterpret_cast<uintptr_t>(plannedHandle()));
  static std::mutex guard; // Calls may be constructed while another thread plans.
  static std::map<std::string, std::weak_ptr<Engines>> known;
  const std::lock_guard lock(guard);
  std::weak_ptr<Engines> &alike = known[question];
  std::shared_ptr<Engines> engines = alike.lock();
  if (!engines)
    alike = engines = std::make_shared<Engines>(operations, terms);
  return engines;
}

static std::string digestOf(const std::string &text) {
  Digest digest;
  digest.add(std::as_bytes(std::span(text)));
  return digestText(digest.value());
}

Engines::Engines(const Descriptor &graph, Terms terms)
    : questionDigest(digestOf(questionOf(graph, terms))) {
  for (auto mode : {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK}) {
    Descriptor heuristic(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
    heuristic.set(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph)
        .set(CUDNN_ATTR_ENGINEHEUR_MODE, mode);
    if (!plannedHandle()) // Else the graph has it.
      heuristic.set(CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, describedDevice());
    if (!heuristic.tryFinalize())
      continue; // This mode knows nothing of the graph; the other may.
    for (Descriptor &configuration : heuristic.descriptors(
             CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR))
      if (isAllowed(engineOf(configuration), terms))
        engines.push_back({std::move(configuration)});
  }
}

std::string Engines::name(size_t index) const {
  const Descriptor &configuration = engines[index].configuration;
  std::string text =
      std::to_string(engineOf(configuration).integer(CUDNN_ATTR_ENGINE_GLOBAL_INDEX));
  for (const Descriptor &knob : configuration.descriptors(CUDNN_ATTR_ENGINECFG_KNOB_CHOICES,
                                                          CUDNN_BACKEND_KNOB_CHOICE_DESCRIPTOR,
                                                          CUDNN_KNOB_TYPE_COUNTS))
    text += " " + std::to_string(knob.knobType()) + "=" +
            std::to_string(knob.integer(CUDNN_ATTR_KNOB_CHOICE_KNOB_VALUE));
  return text;
}

const Engines::Plan *Engines::plan(size_t index) {
  Engine &engine = engines[index];
  if (!engine.isAsked) {
    engine.isAsked = true;
    Descriptor made(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
    made.set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, engine.configuration);
    if (cudnnHandle_t handle = plannedHandle())
      made.set(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, handle);
    else
      made.set(CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, describedDevice());
    if (made.tryFinalize()) {
      const int64_t bytes = made.integer(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE);
      engine.plan = {std::move(made), static_cast<size_t>(bytes)};
    }
  }
  return engine.plan ? &*engine.plan : nullptr;
}

std::optional<size_t> Engines::next(size_t begin, size_t limit) {
  for (size_t engine = begin; engine < count(); ++engine)
    if (const Plan *const known = plan(engine); known && known->workspaceBytes <= limit)
      return engine;
  return std::nullopt;
}

std::optional<size_t> Engines::find(const std::string &wanted, size_t limit) {
  for (size_t engine = 0; engine < count(); ++engine)
    if (name(engine) == wanted && next(engine, limit) == engine)
      return engine;
  return std::nullopt;
}

std::shared_ptr<Choice> Engines::within(size_t limit) {
  std::shared_ptr<Choice> &choice = choices[limit];
  if (!choice || (choice->engine && !plan(*choice->engine)))
    choice = std::make_shared<Choice>(Choice{next(0, limit)});
  return choice;
}
