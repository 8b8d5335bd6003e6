// What the CUDA target's runtime does in one call: see runtime/cuda/FusedMatmul.h, and the
// calls on tables in Sgd.h, AdamW.h, Elementwise.h and Norm.h.
#include "test/unit/programs/calls/Products.h"
#include "test/unit/programs/calls/Updates.h"

#include "llvm/ADT/STLExtras.h"

namespace autopar {

//===- matrix products --------------------------------------------------------------------===//

/// [m, n]
static Tensor matrix(const GivenCall &call, unsigned input) {
  return call.input(input, {call.integer("m"), call.integer("n")});
}
static Tensor product(const GivenCall &call) { return ProductCall(call).run(call); }
/// product + bias, the third input
static Tensor biased(const GivenCall &call) {
  return addToRows(product(call), call.input(2, {call.integer("n")}));
}
/// `value`, and input `input` where there is one.
static Tensor plus(const GivenCall &call, Tensor value, unsigned input) {
  return call.numInputs() > input ? sum({value, matrix(call, input)}) : value;
}

static void addProducts(CallKernels &kernels) {
  kernels["MatmulAdd"] = [](const GivenCall &call) -> Tensors {
    return {plus(call, product(call), 2)};
  };
  kernels["MatmulBias"] = [](const GivenCall &call) -> Tensors {
    return {plus(call, biased(call), 3)};
  };
  kernels["MatmulBiasGelu"] = [](const GivenCall &call) -> Tensors {
    return {gelu(biased(call), /*tanh=*/true)};
  };
  kernels["MatmulBiasGeluAux"] = [](const GivenCall &call) -> Tensors {
    Tensor before = biased(call);
    return {gelu(before, /*tanh=*/true), before};
  };
  kernels["MatmulGeluGrad"] = [](const GivenCall &call) -> Tensors {
    return {geluGrad(product(call), matrix(call, 2), /*tanh=*/true)};
  };
  kernels["MatmulSumA"] = [](const GivenCall &call) -> Tensors { // a as [k, m]
    const int64_t m = call.integer("m");
    return {plus(call, product(call), 2), sumOfRows(call.input(0, {call.integer("k"), m}), m)};
  };
  kernels["MatmulSumB"] = [](const GivenCall &call) -> Tensors { // b as [k, n]
    const int64_t n = call.integer("n");
    return {plus(call, product(call), 2), sumOfRows(call.input(1, {call.integer("k"), n}), n)};
  };
}

//===- tables -----------------------------------------------------------------------------===//

/// The input that is number `index` of those that all rows share, behind the rows of `width`.
static unsigned shared(const GivenCall &call, unsigned width, unsigned index) {
  return call.integers("count").size() * width + index;
}
static double factorOf(const GivenCall &call, unsigned input) {
  return call.numInputs() > input ? call.number(input) : 1;
}
/// `row` makes the results of each row, of `width` inputs, the first of which is number
/// `first`.
static Tensors
forEachRow(const GivenCall &call, unsigned width,
           llvm::function_ref<Tensors(unsigned row, unsigned first, int64_t count)> ofRow) {
  Tensors results;
  for (auto [row, count] : llvm::enumerate(call.integers("count")))
    llvm::append_range(results, ofRow(row, row * width, count));
  return results;
}

/// Rows of a parameter, its gradient and velocity; learning rate, state, factor.
static Tensors updateAllBySgd(const GivenCall &call) {
  const bool hasState = tellsFirstStep(call);
  const double rate = call.number(shared(call, 3, 0)),
               steps = hasState ? stepOf(call, shared(call, 3, 1)) - 1 : 1,
               factor = factorOf(call, shared(call, 3, 1 + hasState));
  return forEachRow(call, 3, [&](unsigned row, unsigned first, int64_t count) {
    const Tensor velocity = call.input(first + 2, {count});
    return sgdOf(call, call.reals("weightDecay")[row])
        .update(call.input(first, {count}), call.input(first + 1, {count}), rate, &velocity,
                steps, factor);
  });
}
/// Rows of a parameter, its gradient and moments; learning rate, state, factor.
static Tensors updateAllByAdamW(const GivenCall &call) {
  const double rate = call.number(shared(call, 4, 0)), step = stepOf(call, shared(call, 4, 1)),
               factor = factorOf(call, shared(call, 4, 2));
  return forEachRow(call, 4, [&](unsigned row, unsigned first, int64_t count) {
    return adamWOf(call, call.reals("weightDecay")[row])
        .update(call.input(first, {count}), call.input(first + 1, {count}), rate, step,
                call.input(first + 2, {count}), call.input(first + 3, {count}), factor);
  });
}

static void addTables(CallKernels &kernels) {
  kernels["SgdAll"] = updateAllBySgd;
  kernels["AdamWAll"] = updateAllByAdamW;
  kernels["AddAll"] = [](const GivenCall &call) {
    return forEachRow(call, 2, [&](unsigned, unsigned first, int64_t count) -> Tensors {
      return {sum({call.input(first, {count}), call.input(first + 1, {count})})};
    });
  };
  kernels["ZerosAll"] = [](const GivenCall &call) {
    return forEachRow(call, 0, [&](unsigned, unsigned, int64_t count) -> Tensors {
      return {Tensor(Shape{count})};
    });
  };
  kernels["SquareSumAll"] = [](const GivenCall &call) -> Tensors {
    return {sum(forEachRow(call, 1, [&](unsigned, unsigned first, int64_t count) -> Tensors {
      return {squareSum(call.input(first, {count}))};
    }))};
  };
}

void addCudaCalls(CallKernels &kernels) {
  addProducts(kernels);
  addTables(kernels);
}

} // namespace autopar
