// See Linear.h; the kernels of the bias are in Linear.cu.
#include "autopar/cuda/Linear.h"

#include "autopar/cuda/ChannelSums.h"

using namespace autopar;
using namespace autopar::cuda;

LinearForward::LinearForward(const LinearShape &s)
    : LinearCall("LinearForward", {.m = s.batch,
                                   .n = s.outputs,
                                   .k = s.inputs,
                                   .transposeB = true,
                                   .typeA = s.type,
                                   .typeC = s.type,
                                   .tf32 = s.tf32}) {}

LinearInputGrad::LinearInputGrad(const LinearShape &s)
    : LinearCall("LinearInputGrad", {.m = s.batch,
                                     .n = s.inputs,
                                     .k = s.outputs,
                                     .typeA = s.type,
                                     .typeC = s.type,
                                     .tf32 = s.tf32}) {}

LinearWeightGrad::LinearWeightGrad(const LinearShape &s)
    : LinearCall("LinearWeightGrad", {.m = s.outputs,
                                      .n = s.inputs,
                                      .k = s.batch,
                                      .transposeA = true,
                                      .typeA = s.type,
                                      .typeB = s.type,
                                      .tf32 = s.tf32}) {}

size_t BiasGrad::workspaceBytes() const { return channelSumsBytes(1, rows, channels); }

void BiasGrad::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("BiasGrad", workspaceBytes(), planned);
}
