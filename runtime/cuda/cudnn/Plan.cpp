// See Plan.h.
#include "autopar/cuda/cudnn/Plan.h"

#include "autopar/cuda/Choices.h"
#include "autopar/cuda/Planning.h"

#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cuda::cudnn;

/// Of all plans that are alike: "Conv2dForward 870067a9940fe704".
static std::string titleOf(const std::string &call, const Engines &engines) {
  return call + ' ' + engines.digest();
}

/// What is agreed on where no engine can run a plan.
static const std::string none = "none";

Plan::Plan(std::string call, const Graph &graph, Demands demands)
    : call(std::move(call)), engines(Engines::of(graph, demands.engines)),
      limit(demands.workspaceLimit), choice(engines->within(limit)) {
  if (!choice->engine)
    throw std::runtime_error(this->call + ": cuDNN has no plan for this on " +
                             cuda::plannedDevice().name + "; " +
                             std::to_string(engines->count()) +
                             " engines were tried; a program is compiled for one kind of GPU, "
                             "which autopar-compile --gpu names");
}

bool Plan::fit(size_t planned) {
  const std::shared_ptr<Choice> fitting = engines->within(planned);
  if (!fitting->engine)
    return false;
  limit = planned;
  choice = fitting;
  return true;
}

/// One execution of the graph, by whichever plan.
class Plan::Run {
public:
  Run(cudnnHandle_t handle, std::span<const Operand> operands, void *workspace)
      : handle(handle), pack(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR) {
    std::vector<int64_t> ids;
    std::vector<void *> pointers;
    for (const Operand &operand : operands) {
      ids.push_back(operand.id);
      pointers.push_back(const_cast<void *>(operand.data));
    }
    pack.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, std::span<const int64_t>(ids))
        .set(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, std::span<void *const>(pointers))
        .set(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, std::span<void *const>(&workspace, 1))
        .finalize();
  }

  cudnnStatus_t by(const Engines::Plan &plan) const {
    return cudnnBackendExecute(handle, plan.descriptor.get(), pack.get());
  }

  /// Of one execution: the mean of a few, on the device.
  float millisecondsBy(const Engines::Plan &plan) const;

private:
  cudnnHandle_t handle;
  Descriptor pack;
};

float Plan::Run::millisecondsBy(const Engines::Plan &plan) const {
  constexpr int times = 5;
  cudaStream_t stream = nullptr;
  cuda::check(cudnnGetStream(handle, &stream));
  cudaEvent_t begin = nullptr, end = nullptr;
  cuda::check(cudaEventCreateWithFlags(&begin, cudaEventDefault));
  cuda::check(cudaEventCreateWithFlags(&end, cudaEventDefault));
  cuda::check(cudaEventRecord(begin, stream));
  for (int i = 0; i < times; ++i)
    cuda::check(by(plan));
  cuda::check(cudaEventRecord(end, stream));
  cuda::check(cudaStreamSynchronize(stream));
  float milliseconds = 0;
  cuda::check(cudaEventElapsedTime(&milliseconds, begin, end));
  cuda::check(cudaEventDestroy(begin));
  cuda::check(cudaEventDestroy(end));
  return milliseconds / times;
}

bool Plan::runs(const Run &run, size_t engine) const {
  if (run.by(*engines->plan(engine)) == CUDNN_STATUS_SUCCESS)
    return true;
  cudaGetLastError(); // Told here, and nowhere again.
  engines->drop(engine);
  return false;
}

std::optional<size_t> Plan::firstThatRuns(const Run &run) const {
  std::optional<size_t> engine = engines->next(0, limit);
  while (engine && !runs(run, *engine))
    engine = engines->next(*engine + 1, limit);
  return engine;
}

std::optional<size_t> Plan::fastest(const Run &run, const std::string &name) const {
  constexpr int most = 5; // cuDNN has them in the order that it expects.
  const std::string question = name + " in " + std::to_string(limit) + " bytes";
  ChoiceRecord &record = *cuda::choiceRecord();
  if (const std::optional<std::string> known = record.find(question))
    if (const auto engine = engines->find(*known, limit); engine && runs(run, *engine))
      return engine;
  std::optional<size_t> best;
  float least = 0;
  int timed = 0;
  for (auto engine = engines->next(0, limit); engine && timed < most;
       engine = engines->next(*engine + 1, limit)) {
    if (!runs(run, *engine)) // which also loads its kernels
      continue;
    ++timed;
    const float time = run.millisecondsBy(*engines->plan(*engine));
    if (!best || time < least) {
      best = engine;
      least = time;
    }
  }
  if (!best || !runs(run, *best)) // whose bits are then what it leaves
    return firstThatRuns(run);
  record.keep(question, engines->name(*best));
  return best;
}

void Plan::settle(const Run &run) const {
  const std::string name = titleOf(call, *engines);
  choice->engine = cuda::choiceRecord() ? fastest(run, name) : firstThatRuns(run);
  const std::string own = choice->engine ? engines->name(*choice->engine) : none;
  const std::string first = cuda::agreed(name, own);
  if (first != own)
    follow(first, run);
  choice->isSettled = true;
  tellOfFailures();
}

void Plan::follow(const std::string &first, const Run &run) const {
  choice->engine.reset();
  if (first == none)
    return;
  choice->engine = engines->find(first, limit);
  if (!choice->engine || !runs(run, *choice->engine))
    throw std::runtime_error(call + ": rank 0 runs this by cuDNN's engine " + first +
                             ", which this rank's " + cuda::plannedDevice().name +
                             " cannot; with different ones replicas would drift apart, so start "
                             "all ranks on GPUs of one kind");
}

void Plan::tellOfFailures() const {
  std::string failed;
  for (size_t engine = 0; engine < choice->engine.value_or(engines->count()); ++engine)
    if (engines->hasFailed(engine))
      failed += (failed.empty() ? "" : ", ") + engines->name(engine);
  if (!failed.empty())
    cuda::announce(titleOf(call, *engines) + ": of cuDNN's engines these do not run on " +
                   cuda::plannedDevice().name + ": " + failed + "; " +
                   (choice->engine ? engines->name(*choice->engine) + " takes their place"
                                   : "none is left"));
}

bool Plan::tryRun(cudnnHandle_t handle, std::span<const Operand> operands,
                  void *workspace) const {
  const Run run(handle, operands, workspace);
  if (!choice->isSettled)
    settle(run);
  else if (choice->engine)
    cuda::check(run.by(*engines->plan(*choice->engine)));
  return choice->engine.has_value();
}

void Plan::run(cudnnHandle_t handle, std::span<const Operand> operands, void *workspace) const {
  if (!tryRun(handle, operands, workspace))
    throw std::runtime_error(call + ": none of cuDNN's " + std::to_string(engines->count()) +
                             " engines runs this on " + cuda::plannedDevice().name + " in " +
                             std::to_string(limit) +
                             " bytes of workspace; compile the model for this kind of GPU "
                             "(autopar-compile --gpu), or install another cuDNN");
}
