// Layer norm, softmax, attention, embeddings: see the headers of those names in runtime/*.
#include "test/unit/programs/CallKernels.h"
#include "test/unit/programs/Norms.h"
#include "test/unit/programs/Rearrangement.h"

namespace autopar {

/// A number a row.
static Tensor columnOf(const GivenCall &call, unsigned input) {
  return call.input(input, {call.integer("rows")});
}
/// Of softmax.
static Tensor scoresOf(const GivenCall &call, unsigned input) {
  return call.input(input, {call.integer("rows"), call.integer("columns")});
}

namespace {

struct AttentionCall {
  int64_t batch, sequence, heads, size;
  Tensor state; ///< Empty without dropout.
  Attention attention;

  /// `state`: the input that has it, where there is one.
  AttentionCall(const GivenCall &call, unsigned state)
      : batch(call.integer("batch")), sequence(call.integer("sequence")),
        heads(call.integer("heads")), size(call.integer("headSize")),
        state(call.numInputs() > state ? call.input(state, {2}) : Tensor()),
        attention{call.flag("causal"),
                  call.real("scale"),
                  {call.real("dropout"), &this->state, call.integer("site")},
                  call.block("part")} {}
  AttentionCall(const AttentionCall &) = delete;

  Tensor qkv(const GivenCall &call, unsigned input) const {
    return call.input(input, {batch, sequence, 3, heads, size});
  }
  Tensor y(const GivenCall &call, unsigned input) const {
    return call.input(input, {batch, sequence, heads, size});
  }
};

} // namespace

static llvm::SmallVector<int64_t> tableOf(const GivenCall &call) {
  return {call.integer("length"), call.integer("channels")};
}
static int64_t firstRow(const GivenCall &call) { return call.block("table").begin.front(); }

static Tensor layerNormGradOf(const GivenCall &call) {
  return layerNormInputGrad(rowsOf(call, 0), rowsOf(call, 1), channelsOf(call, 2),
                            columnOf(call, 3), columnOf(call, 4));
}

void addTransformerCalls(CallKernels &kernels) {
  kernels["LayerNorm"] = [](const GivenCall &call) -> Tensors {
    return layerNorm(rowsOf(call, 0), channelsOf(call, 1), channelsOf(call, 2),
                     call.real("epsilon"));
  };
  kernels["LayerNormGradInput"] = [](const GivenCall &call) -> Tensors {
    return {layerNormGradOf(call)};
  };
  kernels["LayerNormGradInputAdd"] = [](const GivenCall &call) -> Tensors { // cuda only
    return {sum({layerNormGradOf(call), rowsOf(call, 5)})};
  };
  kernels["LayerNormGradParameters"] = [](const GivenCall &call) -> Tensors {
    return layerNormParameterGrads(rowsOf(call, 0), rowsOf(call, 1), columnOf(call, 2),
                                   columnOf(call, 3), call.integer("channels"));
  };
  kernels["Softmax"] = [](const GivenCall &call) -> Tensors {
    return {softmax(scoresOf(call, 0), call.integer("columns"),
                    call.flag("causal") ? call.integer("queries") : 0)};
  };
  kernels["SoftmaxGrad"] = [](const GivenCall &call) -> Tensors {
    return {softmaxGrad(scoresOf(call, 0), scoresOf(call, 1), call.integer("columns"))};
  };
  kernels["Attention"] = [](const GivenCall &call) -> Tensors {
    AttentionCall of(call, 1);
    return of.attention.forward(of.qkv(call, 0));
  };
  kernels["AttentionGrad"] = [](const GivenCall &call) -> Tensors { // dy, qkv, y, lse, state
    AttentionCall of(call, 4);
    return {of.attention.grad(of.y(call, 0), of.qkv(call, 1))};
  };
  kernels["Embedding"] = [](const GivenCall &call) -> Tensors {
    return {embedding(columnOf(call, 0), call.input(1, tableOf(call)), firstRow(call))};
  };
  kernels["EmbeddingGrad"] = [](const GivenCall &call) -> Tensors {
    return {embeddingGrad(columnOf(call, 0), rowsOf(call, 1), tableOf(call), firstRow(call),
                          call.integer("padding"))};
  };
}

} // namespace autopar
