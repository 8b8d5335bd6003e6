// See FusedMatmul.h: cuBLASLt's epilogues, and the kernels in their stead.
#include "autopar/cuda/FusedMatmul.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Elementwise.h"
#include "autopar/cuda/FusedMatmulPlan.h"
#include "autopar/cuda/Gelu.h"
#include "autopar/cuda/Linear.h"
#include "autopar/cuda/NarrowTypes.h"

#include <type_traits>

using namespace autopar;
using namespace autopar::cuda;

namespace {

/// body(T *) with T the element type of activations that `type` names.
template <class Body> void withElements(DataType type, const Body &body) {
  switch (type) {
  case DataType::BF16:
    return body(static_cast<bf16 *>(nullptr));
  case DataType::F16:
    return body(static_cast<f16 *>(nullptr));
  default:
    return body(static_cast<float *>(nullptr));
  }
}

template <class T> T *as(T *, const void *data) {
  return static_cast<T *>(const_cast<void *>(data));
}

/// As cuBLASLt wants a bias: in the 16 bits of the result's type.
void roundBias(const Context &context, const MatmulShape &shape, const void *bias,
               std::byte *to) {
  withElements(shape.typeC, [&](auto *t) {
    if constexpr (!std::is_same_v<decltype(t), float *>)
      Cast{shape.n}(context, static_cast<const float *>(bias), as(t, to));
  });
}

void addBias(const Context &context, const MatmulShape &shape, const void *x, const float *bias,
             const void *y) {
  withElements(shape.typeC, [&](auto *t) {
    BiasAdd{shape.m, shape.n}(context, as(t, x), bias, as(t, y));
  });
}

void gelu(const Context &context, const MatmulShape &shape, const void *x, const void *y) {
  withElements(shape.typeC, [&](auto *t) {
    Gelu{shape.m * shape.n, /*tanh=*/true}(context, as(t, x), as(t, y));
  });
}

} // namespace

bool FusedMatmul::State::run(const Context &context, Operand a, Operand b, Operand c,
                             blas::Beside beside, void *workspace) {
  const PlannedProduct::Factors factors = plain.rounded(context, a, b, workspace);
  std::byte *const room = static_cast<std::byte *>(workspace) + ofProduct();
  const void *const bias = beside.bias;
  const bool rounds = bias && roundsBias();
  if (rounds)
    beside.bias = room;
  if (!fused.canRun(context, factors, c.data, beside)) {
    plain.run(context, factors, c, workspace, {.added = beside.added});
    return false;
  }
  if (rounds)
    roundBias(context, shape(), bias, room);
  fused.run(context, factors, c, workspace, beside);
  return true;
}

void MatmulAdd::run(const Context &context, Operand a, Operand b, const void *added, Operand c,
                    void *workspace) const {
  state->run(context, a, b, c, {.added = added}, workspace);
}

void MatmulBias::run(const Context &context, Operand a, Operand b, const float *bias,
                     const void *added, Operand c, void *workspace) const {
  if (state->run(context, a, b, c, {.added = added, .bias = bias}, workspace))
    return;
  addBias(context, state->shape(), c.data, bias, c.data);
}

void MatmulBiasGelu::run(const Context &context, Operand a, Operand b, const float *bias,
                         Operand c, void *workspace) const {
  if (state->run(context, a, b, c, {.bias = bias}, workspace))
    return;
  addBias(context, state->shape(), c.data, bias, c.data);
  gelu(context, state->shape(), c.data, c.data);
}

void MatmulBiasGeluAux::run(const Context &context, Operand a, Operand b, const float *bias,
                            Operand c, void *before, void *workspace) const {
  if (state->run(context, a, b, c, {.bias = bias, .aux = before}, workspace))
    return;
  addBias(context, state->shape(), c.data, bias, before);
  gelu(context, state->shape(), before, c.data);
}

void MatmulGeluGrad::run(const Context &context, Operand a, Operand b, const void *before,
                         Operand c, void *workspace) const {
  if (state->run(context, a, b, c, {.aux = before}, workspace))
    return;
  const MatmulShape &shape = state->shape();
  withElements(shape.typeC, [&](auto *t) {
    GeluGrad{shape.m * shape.n, /*tanh=*/true}(context, as(t, c.data), as(t, before),
                                               as(t, c.data));
  });
}

/// The sum over the rows of `factor` [rows, channels], after the product.
static void sumRows(const Context &context, int64_t rows, int64_t channels, Operand factor,
                    float *sum, void *workspace) {
  withElements(factor.type, [&](auto *t) {
    BiasGrad{rows, channels}(context, as(t, factor.data), sum, workspace);
  });
}

void MatmulSumA::run(const Context &context, Operand a, Operand b, const float *added, float *c,
                     float *sum, void *workspace) const {
  if (state->run(context, a, b, c, {.added = added, .bias = sum}, workspace))
    return;
  sumRows(context, state->shape().k, state->shape().m, a, sum, workspace);
}

void MatmulSumB::run(const Context &context, Operand a, Operand b, const float *added, float *c,
                     float *sum, void *workspace) const {
  if (state->run(context, a, b, c, {.added = added, .bias = sum}, workspace))
    return;
  sumRows(context, state->shape().k, state->shape().n, b, sum, workspace);
}
