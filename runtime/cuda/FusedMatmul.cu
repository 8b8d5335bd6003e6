// See FusedMatmul.h: cuBLASLt's epilogues, and the kernels in their stead.
#include "autopar/cuda/FusedMatmul.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Elementwise.h"
#include "autopar/cuda/FusedMatmulPlan.h"
#include "autopar/cuda/Gelu.h"
#include "autopar/cuda/Linear.h"
#include "autopar/cuda/NarrowTypes.h"

#include <stdexcept>
#include <string>

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

/// A bias of the result's type, as cuBLASLt wants it: rounded to `room` where that is of 16
/// bits.
const void *roundedBias(const Context &context, const float *bias, DataType type, int64_t n,
                        std::byte *room) {
  if (type == DataType::F32)
    return bias;
  withElements(type, [&](auto *t) {
    if constexpr (!std::is_same_v<decltype(t), float *>)
      Cast{n}(context, bias, as(t, room));
  });
  return room;
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

void FusedMatmul::runPlain(const Context &context, Operand a, Operand b, const void *added,
                           Operand c, void *workspace) const {
  if (!state->plain.run(context, a, b, c, {.added = added}, workspace))
    throw std::runtime_error(std::string(state->plain.call) +
                             ": cuBLASLt has no algorithm that adds to this product");
}

void MatmulAdd::run(const Context &context, Operand a, Operand b, const void *added, Operand c,
                    void *workspace) const {
  runPlain(context, a, b, added, c, workspace);
}

void MatmulBias::run(const Context &context, Operand a, Operand b, const float *bias,
                     const void *added, Operand c, void *workspace) const {
  const MatmulShape &shape = state->shape();
  std::byte *const room = static_cast<std::byte *>(workspace) + state->ofProduct();
  const blas::Beside beside{.added = added,
                            .bias = roundedBias(context, bias, shape.typeC, shape.n, room)};
  if (state->fused.run(context, a, b, c, beside, workspace))
    return;
  runPlain(context, a, b, added, c, workspace);
  addBias(context, shape, c.data, bias, c.data);
}

void MatmulBiasGelu::run(const Context &context, Operand a, Operand b, const float *bias,
                         Operand c, void *workspace) const {
  const MatmulShape &shape = state->shape();
  std::byte *const room = static_cast<std::byte *>(workspace) + state->ofProduct();
  const blas::Beside beside{.bias = roundedBias(context, bias, shape.typeC, shape.n, room)};
  if (state->fused.run(context, a, b, c, beside, workspace))
    return;
  runPlain(context, a, b, nullptr, c, workspace);
  addBias(context, shape, c.data, bias, c.data);
  gelu(context, shape, c.data, c.data);
}

void MatmulBiasGeluAux::run(const Context &context, Operand a, Operand b, const float *bias,
                            Operand c, void *before, void *workspace) const {
  const MatmulShape &shape = state->shape();
  std::byte *const room = static_cast<std::byte *>(workspace) + state->ofProduct();
  const blas::Beside beside{.bias = roundedBias(context, bias, shape.typeC, shape.n, room),
                            .aux = before};
  if (state->fused.run(context, a, b, c, beside, workspace))
    return;
  runPlain(context, a, b, nullptr, c, workspace);
  addBias(context, shape, c.data, bias, before);
  gelu(context, shape, before, c.data);
}

void MatmulGeluGrad::run(const Context &context, Operand a, Operand b, const void *before,
                         Operand c, void *workspace) const {
  if (state->fused.run(context, a, b, c, {.aux = before}, workspace))
    return;
  const MatmulShape &shape = state->shape();
  runPlain(context, a, b, nullptr, c, workspace);
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
  if (state->fused.run(context, a, b, c, {.added = added, .bias = sum}, workspace))
    return;
  runPlain(context, a, b, added, c, workspace);
  sumRows(context, state->shape().k, state->shape().m, a, sum, workspace);
}

void MatmulSumB::run(const Context &context, Operand a, Operand b, const float *added, float *c,
                     float *sum, void *workspace) const {
  if (state->fused.run(context, a, b, c, {.added = added, .bias = sum}, workspace))
    return;
  runPlain(context, a, b, added, c, workspace);
  sumRows(context, state->shape().k, state->shape().n, b, sum, workspace);
}
