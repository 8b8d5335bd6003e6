// See OneDnnPlan.h.
#include "autopar/cpu/OneDnnPlan.h"

#include "autopar/cpu/OneDnnCall.h"
#include "autopar/cpu/Workspace.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

using namespace autopar::cpu;

const dnnl::engine &autopar::cpu::engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

dnnl::primitive_attr autopar::cpu::callersScratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

/// On a CPU a stream runs its primitives at once, on the caller's threads.
static const dnnl::stream &stream() {
  static const dnnl::stream synchronous(engine());
  return synchronous;
}

/// Memory that points nowhere yet.
static dnnl::memory unplaced(const dnnl::memory::desc &desc) {
  return dnnl::memory(desc, engine(), DNNL_MEMORY_NONE);
}

OneDnnPlan::Step::Step(const dnnl::primitive_desc_base &description)
    : description(description), scratchpad(unplaced(description.scratchpad_desc())) {
  bind(DNNL_ARG_SCRATCHPAD, scratchpad);
}

void OneDnnPlan::Step::bind(int argument, const dnnl::memory &memory) {
  arguments.push_back({argument, memory.get()});
}

void OneDnnPlan::Step::run(void *workspace) {
  scratchpad.set_data_handle(workspace);
  dnnl::error::wrap_c_api(dnnl_primitive_execute(primitive.get(), stream().get(),
                                                 static_cast<int>(arguments.size()),
                                                 arguments.data()),
                          "could not execute a primitive");
}

OneDnnPlan::OneDnnPlan(const char *call, const dnnl::primitive_desc &primitive,
                       std::initializer_list<Operand> operands)
    : call(call) {
  Step compute(primitive);
  std::vector<Step> before, after;
  for (const Operand &operand : operands) {
    Bound &memory = bound.emplace_back();
    memory.kept = unplaced(operand.kept);
    if (operand.kept == operand.wanted) {
      compute.bind(operand.argument, memory.kept);
      continue;
    }
    memory.blocked = unplaced(operand.wanted);
    compute.bind(operand.argument, memory.blocked);
    const bool isInput = operand.role == Role::Input;
    const auto &[from, to] = isInput ? std::pair(operand.kept, operand.wanted)
                                     : std::pair(operand.wanted, operand.kept);
    Step &reorder = (isInput ? before : after)
                        .emplace_back(dnnl::reorder::primitive_desc(engine(), from, engine(),
                                                                    to, callersScratchpad()));
    reorder.bind(DNNL_ARG_FROM, isInput ? memory.kept : memory.blocked);
    reorder.bind(DNNL_ARG_TO, isInput ? memory.blocked : memory.kept);
  }

  steps = std::move(before);
  steps.push_back(std::move(compute));
  std::move(after.begin(), after.end(), std::back_inserter(steps));

  for (const Step &step : steps)
    bytes = std::max(bytes, alignUp(step.description.scratchpad_desc().get_size()));
  for (Bound &memory : bound) {
    if (!memory.blocked)
      continue;
    memory.offset = bytes;
    bytes += alignUp(memory.blocked.get_desc().get_size());
  }
}

void OneDnnPlan::build() {
  if (std::exchange(built, true))
    return;
  for (Step &step : steps)
    step.primitive = dnnl::primitive(step.description.get());
}

void OneDnnPlan::run(std::initializer_list<const void *> pointers, void *workspace) {
  build();
  auto pointer = pointers.begin();
  for (Bound &memory : bound) {
    memory.kept.set_data_handle(const_cast<void *>(*pointer++));
    if (memory.blocked)
      memory.blocked.set_data_handle(static_cast<std::byte *>(workspace) + memory.offset);
  }
  for (Step &step : steps)
    step.run(workspace);
}

OneDnnCall::OneDnnCall(OneDnnPlan plan) : plan(std::make_unique<OneDnnPlan>(std::move(plan))) {}
OneDnnCall::~OneDnnCall() = default;
OneDnnCall::OneDnnCall(OneDnnCall &&) noexcept = default;

size_t OneDnnCall::workspaceBytes() const { return plan->workspaceBytes(); }

void OneDnnCall::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace(plan->name(), workspaceBytes(), planned);
  plan->build();
}

void OneDnnCall::run(std::initializer_list<const void *> operands, void *workspace) const {
  plan->run(operands, workspace);
}
