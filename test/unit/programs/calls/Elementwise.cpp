// Element by element: calls that know a number of elements. See runtime/*/Elementwise.h.
#include "test/unit/programs/CallKernels.h"
#include "test/unit/programs/Functions.h"
#include "test/unit/programs/Norms.h"

#include <deque>

namespace autopar {

static Tensor elements(const GivenCall &call, unsigned input) {
  return call.input(input, {call.integer("count")});
}
static Tensors same(const GivenCall &call) { return {elements(call, 0)}; }

/// What the runtime lists.
static Tensors listed(const GivenCall &call) {
  Tensors operands;
  for (unsigned i = 0; i < call.numInputs(); ++i)
    operands.push_back(elements(call, i));
  return {applied(elementFunctions().lookup(call.name()), operands,
                  [&](llvm::StringRef field) { return call.real(field); })};
}

/// Its steps, one by one.
static Tensors chain(const GivenCall &call) {
  llvm::SmallVector<const Tensor *> values(call.allInputs());
  std::deque<Tensor> made; // whose elements stay where they are
  for (rt::StepAttr step : call.steps()) {
    auto reads =
        llvm::map_to_vector(step.getReads(), [&](int64_t read) { return values[read]; });
    CallKernel kernel = callKernels().lookup(step.getCallee());
    values.push_back(&made.emplace_back(kernel(call.step(step, reads)).front()));
  }
  return {made.back()};
}

void addElementwiseCalls(CallKernels &kernels) {
  for (const auto &function : elementFunctions())
    kernels[function.getKey()] = listed;
  kernels["Fill"] = [](const GivenCall &call) -> Tensors {
    return {Tensor(Shape{call.integer("count")}, call.real("value"))};
  };
  kernels["Add"] = [](const GivenCall &call) -> Tensors {
    return {sum({elements(call, 0), elements(call, 1)})};
  };
  kernels["Zeros"] = [](const GivenCall &call) -> Tensors {
    return {Tensor(Shape{call.integer("count")})};
  };
  kernels["Gelu"] = [](const GivenCall &call) -> Tensors {
    return {gelu(elements(call, 0), call.flag("tanh"))};
  };
  kernels["GeluGrad"] = [](const GivenCall &call) -> Tensors {
    return {geluGrad(elements(call, 0), elements(call, 1), call.flag("tanh"))};
  };
  kernels["Dropout"] = [](const GivenCall &call) -> Tensors {
    Tensor state = call.input(1, {2});
    return {dropout(call.input(0, call.integers("shape")),
                    {call.real("rate"), &state, call.integer("site")}, call.block("part"))};
  };
  kernels["Cast"] = same; // Of a number in double precision nothing is lost.
  kernels["Copy"] = same;
  kernels["Chain"] = chain; // cuda only
}

} // namespace autopar
