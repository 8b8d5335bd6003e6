// Matrix products and biases: see runtime/*/Matmul.h and Linear.h.
#include "test/unit/programs/calls/Products.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace autopar {

ProductCall::ProductCall(const GivenCall &call)
    : ProductCall(call.integer("m"), call.integer("n"), call.integer("k"),
                  call.flag("transposeA"), call.flag("transposeB")) {}

Tensor ProductCall::run(const GivenCall &call, unsigned inputA, unsigned inputB) const {
  Tensor a = call.input(inputA, {m, k}), b = call.input(inputB, {k, n}), c(Shape{m, n});
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t l = 0; l < k; ++l)
        c[i * n + j] +=
            a[transposeA ? l * m + i : i * k + l] * b[transposeB ? j * k + l : l * n + j];
  return c;
}

/// With two batch dimensions, and strides for everything.
static Tensors stridedProduct(const GivenCall &call) {
  auto range = [&](llvm::StringRef size, llvm::function_ref<void(int64_t)> visit) {
    for (int64_t i = 0, end = call.integer(size); i < end; ++i)
      visit(i);
  };
  // A loop may stand still in an input, with a stride of 0.
  auto loop = [&](llvm::StringRef size, const llvm::Twine &stride) {
    return call.integer(stride.str()) == 0 ? 1 : call.integer(size);
  };
  auto elements = [&](const char *tensor, llvm::StringRef rows, llvm::StringRef columns) {
    return loop("outer", llvm::Twine(tensor) + "Outer") *
           loop("inner", llvm::Twine(tensor) + "Inner") * call.integer(rows) *
           call.integer(columns);
  };
  Tensor a = call.input(0, {elements("a", "m", "k")}), b = call.input(1, {elements("b", "k", "n")});
  Tensor c(Shape{elements("c", "m", "n")});
  range("outer", [&](int64_t o) {
    range("inner", [&](int64_t i) {
      range("m", [&](int64_t m) {
        range("n", [&](int64_t n) {
          range("k", [&](int64_t k) {
            c[o * call.integer("cOuter") + i * call.integer("cInner") + m * call.integer("cM") +
              n * call.integer("cN")] +=
                a[o * call.integer("aOuter") + i * call.integer("aInner") +
                  m * call.integer("aM") + k * call.integer("aK")] *
                b[o * call.integer("bOuter") + i * call.integer("bInner") +
                  k * call.integer("bK") + n * call.integer("bN")];
          });
        });
      });
    });
  });
  return {c};
}

void addProductCalls(CallKernels &kernels) {
  kernels["Matmul"] = [](const GivenCall &call) -> Tensors {
    return {ProductCall(call).run(call)};
  };
  kernels["StridedMatmul"] = stridedProduct;
  kernels["LinearForward"] = [](const GivenCall &call) -> Tensors { // x, w [outputs, inputs]
    return {ProductCall(call.integer("batch"), call.integer("outputs"), call.integer("inputs"),
                        false, true)
                .run(call)};
  };
  kernels["LinearInputGrad"] = [](const GivenCall &call) -> Tensors { // dy, w
    return {ProductCall(call.integer("batch"), call.integer("inputs"), call.integer("outputs"),
                        false, false)
                .run(call)};
  };
  kernels["LinearWeightGrad"] = [](const GivenCall &call) -> Tensors { // x, dy
    return {ProductCall(call.integer("outputs"), call.integer("inputs"), call.integer("batch"),
                        true, false)
                .run(call, /*a=*/1, /*b=*/0)};
  };
  kernels["BiasAdd"] = [](const GivenCall &call) -> Tensors {
    const int64_t rows = call.integer("rows"), channels = call.integer("channels");
    return {addToRows(call.input(0, {rows, channels}), call.input(1, {channels}))};
  };
  kernels["BiasGrad"] = [](const GivenCall &call) -> Tensors {
    const int64_t rows = call.integer("rows"), channels = call.integer("channels");
    return {sumOfRows(call.input(0, {rows, channels}), channels)};
  };
}

} // namespace autopar
