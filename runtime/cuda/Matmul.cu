// See Matmul.h: cuBLASLt's products, and the ways of operands to and from them.
#include "autopar/cuda/Matmul.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Elementwise.h"
#include "autopar/cuda/MatmulPlan.h"
#include "autopar/cuda/StridedCopy.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>

using namespace autopar;
using namespace autopar::cuda;

/// An f32 factor in the others' 16 bits, in `room`; any other as it is.
static const void *asFactor(const Context &context, Operand operand, DataType type,
                            int64_t count, std::byte *room) {
  if (operand.type == type)
    return operand.data;
  const auto *const from = static_cast<const float *>(operand.data);
  if (type == DataType::BF16)
    Cast{count}(context, from, reinterpret_cast<bf16 *>(room));
  else
    Cast{count}(context, from, reinterpret_cast<f16 *>(room));
  return room;
}

PlannedProduct::Factors PlannedProduct::rounded(const Context &context, Operand a, Operand b,
                                                void *workspace) const {
  requireType(call, "a first factor", shape.typeA, a.type);
  requireType(call, "a second factor", shape.typeB, b.type);
  std::byte *const ofA = static_cast<std::byte *>(workspace) + blas::workspaceBytes;
  std::byte *const ofB = ofA + roomA();
  return {asFactor(context, a, factors(), shape.m * shape.k, ofA),
          asFactor(context, b, factors(), shape.k * shape.n, ofB)};
}

blas::Product &PlannedProduct::made() {
  if (!product)
    product = std::make_shared<blas::Product>(
        blas::ProductShape{shape.m,
                           shape.n,
                           shape.k,
                           {factors(), shape.transposeA, shape.transposeA ? shape.m : shape.k},
                           {factors(), shape.transposeB, shape.transposeB ? shape.k : shape.n},
                           {shape.typeC, false, shape.n},
                           1,
                           shape.tf32,
                           epilogue});
  return *product;
}

bool PlannedProduct::canRun(const Context &context, const Factors &factors, const void *c,
                            const blas::Beside &beside) {
  return made().canRun(context, factors.a, factors.b, c, beside);
}

void PlannedProduct::run(const Context &context, const Factors &factors, Operand c,
                         void *workspace, const blas::Beside &beside) {
  requireType(call, "a result", shape.typeC, c.type);
  made().run(context, factors.a, factors.b, const_cast<void *>(c.data), workspace, beside);
}

void Matmul::run(const Context &context, Operand a, Operand b, Operand c,
                 void *workspace) const {
  state->run(context, state->rounded(context, a, b, workspace), c, workspace);
}

//===- Strided -----------------------------------------------------------------------===//

namespace {

/// Where the matrices of a tensor [outer, inner, rows, columns] lie.
blas::Matrix matrixOf(DataType type, const Shape &strides, int batchDim) {
  const bool transposed = strides[3] != 1;
  return {type, transposed, transposed ? strides[3] : strides[2], strides[batchDim]};
}

/// The stride of a dimension of one element means nothing, but cuBLASLt wants it large enough.
Shape withPlainStrides(Shape strides, const Shape &shape) {
  if (strides[3] == 1 && shape[2] == 1)
    strides[2] = std::max(strides[2], shape[3]);
  if (strides[3] != 1 && shape[3] == 1)
    strides[3] = std::max(strides[3], shape[2]);
  return strides;
}

} // namespace

void StridedMatmul::run(const Context &context, Operand a, Operand b, Operand c,
                        void *workspace) const {
  const StridedMatmulShape &shape = state->shape;
  for (const Operand &operand : {a, b, c})
    requireType("StridedMatmul", "operands", shape.type, operand.type);
  const auto width = static_cast<int>(bytesOf(shape.type));
  std::byte *const roomA = static_cast<std::byte *>(workspace) + blas::workspaceBytes;
  std::byte *const roomB = roomA + state->room(state->a);
  std::byte *const roomC = roomB + state->room(state->b);

  // What a tensor is called with, by what it comes to.
  struct Side {
    const std::byte *data;
    Shape strides;
  };
  const auto bring = [&](const State::Tensor &tensor, const void *data, std::byte *room,
                         bool read) -> Side {
    if (tensor.isPlain())
      return {static_cast<const std::byte *>(data),
              withPlainStrides(tensor.strides, tensor.shape)};
    const Shape dense = denseStrides(tensor.shape);
    if (read)
      copyStrided(context.compute, tensor.shape, data, tensor.strides, room, dense, width);
    return {room, withPlainStrides(dense, tensor.shape)};
  };
  const Side sideA = bring(state->a, a.data, roomA, true),
             sideB = bring(state->b, b.data, roomB, true),
             sideC = bring(state->c, c.data, roomC, false);

  // The longer of the two batch dimensions is one product's, the other's are put out in turn.
  const int batchDim = shape.inner >= shape.outer ? 1 : 0, turnDim = 1 - batchDim;
  if (!state->product)
    state->product = std::make_shared<blas::Product>(blas::ProductShape{
        shape.m, shape.n, shape.k, matrixOf(shape.type, sideA.strides, batchDim),
        matrixOf(shape.type, sideB.strides, batchDim),
        matrixOf(shape.type, sideC.strides, batchDim), std::max(shape.inner, shape.outer),
        shape.tf32});
  const auto at = [&](const Side &side, int64_t turn) {
    return side.data + turn * side.strides[turnDim] * width;
  };
  for (int64_t turn = 0; turn < std::min(shape.inner, shape.outer); ++turn)
    state->product->run(context, at(sideA, turn), at(sideB, turn),
                        const_cast<std::byte *>(at(sideC, turn)), workspace);
  if (!state->c.isPlain())
    copyStrided(context.compute, state->c.shape, roomC, denseStrides(state->c.shape),
                const_cast<void *>(c.data), state->c.strides, width);
}
