// Elements in other places, summed and repeated: see runtime/*/Slice.h, Transpose.h and
// Reduction.h.
#include "test/unit/programs/CallKernels.h"
#include "test/unit/programs/Functions.h"
#include "test/unit/programs/Rearrangement.h"

namespace autopar {

/// A call's shape, without what it reduces.
static llvm::SmallVector<int64_t> kept(const GivenCall &call) {
  llvm::SmallVector<int64_t> shape(call.integers("shape"));
  for (int64_t dim : call.integers("dims"))
    shape[dim] = 1;
  return shape;
}

void addShapeCalls(CallKernels &kernels) {
  kernels["Transpose"] = [](const GivenCall &call) -> Tensors {
    return {transpose(call.input(0, call.integers("shape")), call.integers("permutation"))};
  };
  kernels["Sum"] = [](const GivenCall &call) -> Tensors {
    return {sumOver(call.input(0, call.integers("shape")), call.integers("dims"))};
  };
  kernels["Max"] = [](const GivenCall &call) -> Tensors {
    return {largestOver(call.input(0, call.integers("shape")), call.integers("dims"))};
  };
  kernels["Expand"] = [](const GivenCall &call) -> Tensors {
    return {expanded(call.input(0, kept(call)), call.integers("shape"))};
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
    return {pad(y, 1, call.integer("begin"), call.integer("whole"), call.real("value"))};
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
