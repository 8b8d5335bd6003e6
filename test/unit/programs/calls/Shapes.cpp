// Elements in other places: see runtime/*/Slice.h and Transpose.h.
#include "test/unit/programs/CallKernels.h"
#include "test/unit/programs/Rearrangement.h"

namespace autopar {

void addShapeCalls(CallKernels &kernels) {
  kernels["Transpose"] = [](const GivenCall &call) -> Tensors {
    return {transpose(call.input(0, call.integers("shape")), call.integers("permutation"))};
  };
  // [outer, whole or length, inner]
  kernels["SliceDim"] = [](const GivenCall &call) -> Tensors {
    Tensor x =
        call.input(0, {call.integer("outer"), call.integer("whole"), call.integer("inner")});
    return {slice(x, 1, call.integer("begin"), call.integer("length"))};
  };
  kernels["PadDim"] = [](const GivenCall &call) -> Tensors {
    Tensor y =
        call.input(0, {call.integer("outer"), call.integer("length"), call.integer("inner")});
    return {pad(y, 1, call.integer("begin"), call.integer("whole"))};
  };
  kernels["Concat"] = [](const GivenCall &call) -> Tensors {
    Tensors inputs;
    for (int64_t length : call.integers("lengths"))
      inputs.push_back(
          call.input(inputs.size(), {call.integer("outer"), length, call.integer("inner")}));
    return {concat(inputs, 1)};
  };
}

} // namespace autopar
