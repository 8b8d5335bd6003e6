// Operations element by element. Dimensions of 1 stand for any size.
#include "standin/Report.h"
#include "standin/cudnn/Operation.h"

#include <cmath>
#include <string>

using namespace standin;
using namespace standin::cudnn;

static float compute(cudnnPointwiseMode_t mode, float x, float b) {
  switch (mode) {
  case CUDNN_POINTWISE_IDENTITY:
    return x;
  case CUDNN_POINTWISE_ADD:
    return x + b;
  case CUDNN_POINTWISE_SUB:
    return x - b;
  case CUDNN_POINTWISE_MUL:
    return x * b;
  case CUDNN_POINTWISE_DIV:
    return x / b;
  case CUDNN_POINTWISE_EXP:
    return std::exp(x);
  case CUDNN_POINTWISE_LOG:
    return std::log(x);
  case CUDNN_POINTWISE_CMP_GE:
    return x >= b;
  case CUDNN_POINTWISE_RELU_FWD:
    return x > 0 ? x : 0; // A NaN is not passed on unless that is asked for.
  default:
    report("cuDNN's pointwise mode " + std::to_string(mode) +
           " is one that the stand-in does not know");
  }
}

/// f(a, b, c, d) for each element of the dims.
template <class Function> static Value fill(const Dims &dims, Function f) {
  Value result(dims);
  size_t place = 0;
  for (int64_t a = 0; a < dims[0]; ++a)
    for (int64_t b = 0; b < dims[1]; ++b)
      for (int64_t c = 0; c < dims[2]; ++c)
        for (int64_t d = 0; d < dims[3]; ++d)
          result.numbers[place++] = f(a, b, c, d);
  return result;
}

void standin::cudnn::computePointwise(const Descriptor &operation, Operands &operands) {
  const Descriptor &how = operation.descriptor(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR);
  const auto mode = how.value<cudnnPointwiseMode_t>(CUDNN_ATTR_POINTWISE_MODE);
  const Value &x = operands.get(operation.descriptor(CUDNN_ATTR_OPERATION_POINTWISE_XDESC));

  if (mode == CUDNN_POINTWISE_RELU_BWD) {
    const Descriptor &to = operation.descriptor(CUDNN_ATTR_OPERATION_POINTWISE_DXDESC);
    const Value &dy = operands.get(operation.descriptor(CUDNN_ATTR_OPERATION_POINTWISE_DYDESC));
    operands.set(to, fill(TensorType(to).dims, [&](auto... i) {
                   return x.broadcast(i...) > 0 ? dy.broadcast(i...) : 0;
                 }));
    return;
  }
  const Descriptor &to = operation.descriptor(CUDNN_ATTR_OPERATION_POINTWISE_YDESC);
  const Dims dims = TensorType(to).dims;
  if (mode == CUDNN_POINTWISE_GEN_INDEX) {
    const auto axis = how.value<int64_t>(CUDNN_ATTR_POINTWISE_AXIS);
    operands.set(to,
                 fill(dims, [&](auto... i) { return static_cast<float>(Dims{i...}[axis]); }));
    return;
  }
  const Value none{};
  const Value &b =
      operation.has(CUDNN_ATTR_OPERATION_POINTWISE_BDESC)
          ? operands.get(operation.descriptor(CUDNN_ATTR_OPERATION_POINTWISE_BDESC))
          : none;
  if (mode == CUDNN_POINTWISE_BINARY_SELECT) {
    const Value &chosen =
        operands.get(operation.descriptor(CUDNN_ATTR_OPERATION_POINTWISE_TDESC));
    operands.set(to, fill(dims, [&](auto... i) {
                   return chosen.broadcast(i...) != 0 ? x.broadcast(i...) : b.broadcast(i...);
                 }));
    return;
  }
  operands.set(to, fill(dims, [&](auto... i) {
                 return compute(mode, x.broadcast(i...),
                                b.numbers.empty() ? 0 : b.broadcast(i...));
               }));
}
