// See Attention.h; what runs on the device is in Attention.cu.
#include "autopar/cuda/Attention.h"

#include "autopar/cuda/AttentionPlan.h"

#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cuda;

static const AttentionShape &checked(const char *call, const AttentionShape &shape) {
  if (!(shape.scale > 0))
    throw std::invalid_argument(std::string(call) + ": a scale of " +
                                std::to_string(shape.scale) +
                                "; it must be positive, 1/sqrt(headSize) as a rule");
  if (shape.type != DataType::F32 && shape.type != DataType::BF16 &&
      shape.type != DataType::F16)
    throw std::invalid_argument(std::string(call) + ": operands of " +
                                std::string(nameOf(shape.type)) +
                                "; F32, BF16 and F16 are known");
  return shape;
}

AttentionCall::AttentionCall(const char *call, Pass pass, const AttentionShape &shape)
    : state(new State{call, pass, checked(call, shape)}) {}
AttentionCall::~AttentionCall() = default;
AttentionCall::AttentionCall(AttentionCall &&) noexcept = default;

size_t AttentionCall::workspaceBytes() const { return state->workspaceBytes(); }

void AttentionCall::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace(state->call, state->productBytes(), planned);
  state->plannedBytes = planned;
}

Attention::Attention(const AttentionShape &shape)
    : AttentionCall("Attention", Pass::Forward, shape) {}
AttentionGrad::AttentionGrad(const AttentionShape &shape)
    : AttentionCall("AttentionGrad", Pass::Backward, shape) {}
