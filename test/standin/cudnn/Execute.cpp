// cudnnBackendExecute: a plan's graph, operation by operation, in any order in which an operand
// is there before it is read.
#include "standin/Report.h"
#include "standin/cudnn/Library.h"
#include "standin/cudnn/Operation.h"
#include "standin/cudnn/Rehearsal.h"
#include "standin/device/Memory.h"
#include "standin/device/Stream.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

using namespace standin;
using namespace standin::cudnn;

namespace {

/// A graph on the operands of one call.
class Execution {
public:
  Execution(const Descriptor &plan, const Descriptor &pack);

  void run() const;

  std::vector<Operand> operands;

private:
  void addOperand(const TensorType &type, Use use);

  DescriptorPtr graph;
  bool isTf32 = false;
  std::map<int64_t, void *> pointers;
  std::map<int64_t, float> numbers; ///< those that are given by value
  std::set<int64_t> results;
  void *workspace = nullptr;
  size_t workspaceBytes = 0;
};

/// A run's tensors.
class Memory : public Operands {
public:
  Memory(const std::map<int64_t, void *> &pointers, const std::map<int64_t, float> &numbers)
      : pointers(pointers), numbers(numbers) {}

  const Value &get(const Descriptor &tensor) override;
  void set(const Descriptor &tensor, Value value) override;
  bool has(int64_t id) const { return values.contains(id); }

private:
  const std::map<int64_t, void *> &pointers;
  const std::map<int64_t, float> &numbers;
  std::map<int64_t, Value> values;
};

const Value &Memory::get(const Descriptor &tensor) {
  const TensorType type(tensor);
  if (const auto found = values.find(type.id); found != values.end())
    return found->second;
  Value &value = values[type.id] = Value(type.dims);
  if (type.isByValue) {
    value.numbers = {numbers.at(type.id)};
  } else {
    const void *const from = pointers.at(type.id);
    type.forEach([&](int64_t place, int64_t offset) {
      value.numbers[place] = static_cast<float>(readElement(from, type.element, offset));
    });
  }
  return value;
}

void Memory::set(const Descriptor &tensor, Value value) {
  const TensorType type(tensor);
  value.round(type.element);
  if (!type.isVirtual) {
    void *const to = pointers.at(type.id);
    type.forEach([&](int64_t place, int64_t offset) {
      writeElement(to, type.element, offset, value.numbers[place]);
    });
  }
  values[type.id] = std::move(value);
}

/// visit(tensor, whether it is a result) for each tensor that the operation has.
template <class Visit> void forEachTensor(const Descriptor &operation, Visit visit) {
  for (const Role &role : rolesOf(operation.type))
    if (operation.has(role.name))
      visit(operation.descriptor(role.name), role.isResult);
}

/// Whether the engine of a plan rounds f32 factors, as tensor cores do.
bool usesTensorCores(const Descriptor &engineConfig) {
  cudnnBackendDescriptor_t engine = nullptr;
  if (STANDIN_REAL(cudnnBackendCreateDescriptor)(CUDNN_BACKEND_ENGINE_DESCRIPTOR, &engine) !=
      CUDNN_STATUS_SUCCESS)
    report("cuDNN makes no descriptor of an engine");
  int64_t count = 0;
  cudnnBackendNumericalNote_t notes[CUDNN_NUMERICAL_NOTE_TYPE_COUNT];
  const auto get = STANDIN_REAL(cudnnBackendGetAttribute);
  if (get(engineConfig.real, CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
          &count, &engine) != CUDNN_STATUS_SUCCESS ||
      get(engine, CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, CUDNN_TYPE_NUMERICAL_NOTE,
          CUDNN_NUMERICAL_NOTE_TYPE_COUNT, &count, notes) != CUDNN_STATUS_SUCCESS)
    count = 0;
  STANDIN_REAL(cudnnBackendDestroyDescriptor)(engine);
  return std::find(notes, notes + count, CUDNN_NUMERICAL_NOTE_TENSOR_CORE) != notes + count;
}

Execution::Execution(const Descriptor &plan, const Descriptor &pack) {
  const Descriptor &config = plan.descriptor(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG);
  graph = config.descriptors(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH).at(0);
  isTf32 = usesTensorCores(config);

  const auto ids = pack.values<int64_t>(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
  const auto data = pack.values<void *>(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS);
  if (ids.size() != data.size())
    report("cudnnBackendExecute: " + std::to_string(ids.size()) + " ids and " +
           std::to_string(data.size()) + " pointers");
  for (size_t i = 0; i < ids.size(); ++i)
    pointers[ids[i]] = data[i];
  for (const DescriptorPtr &operation : graph->descriptors(CUDNN_ATTR_OPERATIONGRAPH_OPS))
    forEachTensor(*operation, [&](const Descriptor &tensor, bool isResult) {
      if (isResult)
        results.insert(TensorType(tensor).id);
    });
  for (const DescriptorPtr &operation : graph->descriptors(CUDNN_ATTR_OPERATIONGRAPH_OPS))
    forEachTensor(*operation, [&](const Descriptor &tensor, bool) {
      const TensorType type(tensor);
      addOperand(type, results.contains(type.id) ? Use::Write : Use::Read);
    });

  int64_t bytes = 0, count = 0;
  STANDIN_REAL(cudnnBackendGetAttribute)
  (plan.real, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64, 1, &count, &bytes);
  workspaceBytes = bytes;
  if (bytes) {
    workspace = pack.value<void *>(CUDNN_ATTR_VARIANT_PACK_WORKSPACE);
    operands.push_back({Use::Write, "a cuDNN plan's workspace", workspace, workspaceBytes});
    require(Place::Device, workspace, bytes, operands.back().name);
  }
}

void Execution::addOperand(const TensorType &type, Use use) {
  if (type.isVirtual)
    return;
  const auto found = pointers.find(type.id);
  const std::string name = "operand " + std::to_string(type.id) + " of a cuDNN plan";
  if (found == pointers.end())
    report(name + " is not given");
  if (type.isByValue) {
    numbers[type.id] = *static_cast<const float *>(found->second);
    return;
  }
  const Operand &operand = operands.emplace_back(type.operand(use, found->second));
  require(Place::Device, operand.begin, operand.extent(), name);
  if (reinterpret_cast<uintptr_t>(found->second) % type.alignment)
    report(name + " is no multiple of " + std::to_string(type.alignment) + " bytes");
}

void Execution::run() const {
  // What a plan leaves in its workspace is nobody's business: here it is NaNs.
  std::memset(workspace, 0xff, workspaceBytes);
  Memory memory(pointers, numbers);
  memory.isTf32 = isTf32;
  std::vector<DescriptorPtr> waiting = graph->descriptors(CUDNN_ATTR_OPERATIONGRAPH_OPS);
  while (!waiting.empty()) {
    const auto isReady = [&](const DescriptorPtr &operation) {
      bool ready = true;
      forEachTensor(*operation, [&](const Descriptor &tensor, bool isResult) {
        const int64_t id = TensorType(tensor).id;
        ready &= isResult || !results.contains(id) || memory.has(id);
      });
      return ready;
    };
    const auto next = std::ranges::find_if(waiting, isReady);
    if (next == waiting.end())
      report("a graph of cuDNN's whose operations wait for each other");
    execute(**next, memory);
    waiting.erase(next);
  }
}

} // namespace

cudnnStatus_t cudnnBackendExecute(cudnnHandle_t handle, cudnnBackendDescriptor_t plan,
                                  cudnnBackendDescriptor_t pack) {
  if (!of(plan)->isFinal || !of(pack)->isFinal)
    return CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED;
  if (!of(plan)->hasHandle)
    report("a cuDNN plan that was made for a described device is executed: cuDNN's manual knows "
           "that only of plans that were serialized, and of the same device");
  if (of(plan)->orderOfPlan < rehearsal().fails)
    return CUDNN_STATUS_EXECUTION_FAILED;
  const Execution execution(*of(plan), *of(pack));
  if (submit(handle->stream, {.name = "cudnnBackendExecute",
                              .run = [execution] { execution.run(); },
                              .operands = execution.operands}) != cudaSuccess)
    return CUDNN_STATUS_EXECUTION_FAILED;
  return CUDNN_STATUS_SUCCESS;
}
