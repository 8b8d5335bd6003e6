// See Graph.h.
#include "autopar/cuda/cudnn/Graph.h"

#include "autopar/cuda/Planning.h"

using namespace autopar;
using namespace autopar::cuda::cudnn;

cudnnDataType_t cuda::cudnn::dataType(DataType type) {
  switch (type) {
  case DataType::F32:
    return CUDNN_DATA_FLOAT;
  case DataType::BF16:
    return CUDNN_DATA_BFLOAT16;
  case DataType::F16:
    return CUDNN_DATA_HALF;
  case DataType::F64:
    return CUDNN_DATA_DOUBLE;
  case DataType::I64:
    return CUDNN_DATA_INT64;
  case DataType::I32:
    return CUDNN_DATA_INT32;
  case DataType::U8:
    return CUDNN_DATA_UINT8;
  }
  __builtin_unreachable();
}

/// Not finalized: what sets it apart from a tensor in memory is still to be said.
static Descriptor anyTensor(int64_t id, cudnnDataType_t type, const Dims &dims,
                            const Dims &strides) {
  return Descriptor(CUDNN_BACKEND_TENSOR_DESCRIPTOR)
      .set(CUDNN_ATTR_TENSOR_UNIQUE_ID, id)
      .set(CUDNN_ATTR_TENSOR_DATA_TYPE, type)
      .set(CUDNN_ATTR_TENSOR_DIMENSIONS, std::span<const int64_t>(dims))
      .set(CUDNN_ATTR_TENSOR_STRIDES, std::span<const int64_t>(strides))
      .set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, int64_t(16));
}

Descriptor cuda::cudnn::tensor(int64_t id, DataType type, const Dims &dims,
                               const Dims &strides) {
  return anyTensor(id, dataType(type), dims, strides).finalize();
}

Descriptor cuda::cudnn::scalar(int64_t id) {
  return anyTensor(id, CUDNN_DATA_FLOAT, {1, 1, 1, 1}, {1, 1, 1, 1})
      .set(CUDNN_ATTR_TENSOR_IS_BY_VALUE, true)
      .finalize();
}

Descriptor Graph::build() const {
  Descriptor graph(CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
  graph.set(CUDNN_ATTR_OPERATIONGRAPH_OPS, std::span(operations));
  if (cudnnHandle_t handle = plannedHandle())
    graph.set(CUDNN_ATTR_OPERATIONGRAPH_HANDLE, handle);
  return graph.finalize();
}

Descriptor Graph::between(cudnnDataType_t type, const Dims &dims, const Dims &strides) {
  return anyTensor(nextId++, type, dims, strides)
      .set(CUDNN_ATTR_TENSOR_IS_VIRTUAL, true)
      .finalize();
}

static Descriptor pointwiseOf(cudnnPointwiseMode_t mode, cudnnDataType_t precision) {
  return Descriptor(CUDNN_BACKEND_POINTWISE_DESCRIPTOR)
      .set(CUDNN_ATTR_POINTWISE_MODE, mode)
      .set(CUDNN_ATTR_POINTWISE_MATH_PREC, precision);
}

/// The operation on x, its result and further operands still to be set.
static Descriptor pointwiseOn(const Descriptor &x, Descriptor how) {
  return Descriptor(CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR)
      .set(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, how.finalize())
      .set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, x);
}

void Graph::pointwise(cudnnPointwiseMode_t mode, const Descriptor &x, const Descriptor *b,
                      const Descriptor &result, cudnnDataType_t precision) {
  Descriptor operation = pointwiseOn(x, pointwiseOf(mode, precision));
  operation.set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, result);
  if (b)
    operation.set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, *b);
  add(operation);
}

void Graph::pointwiseGrad(cudnnPointwiseMode_t mode, const Descriptor &x, const Descriptor &dy,
                          const Descriptor &dx) {
  add(pointwiseOn(x, pointwiseOf(mode, CUDNN_DATA_FLOAT))
          .set(CUDNN_ATTR_OPERATION_POINTWISE_DYDESC, dy)
          .set(CUDNN_ATTR_OPERATION_POINTWISE_DXDESC, dx));
}

void Graph::select(const Descriptor &seen, const Descriptor &x, const Descriptor &hidden,
                   const Descriptor &result) {
  add(pointwiseOn(x, pointwiseOf(CUDNN_POINTWISE_BINARY_SELECT, CUDNN_DATA_FLOAT))
          .set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, hidden)
          .set(CUDNN_ATTR_OPERATION_POINTWISE_TDESC, seen)
          .set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, result));
}

void Graph::index(int64_t axis, const Descriptor &x, const Descriptor &result) {
  add(pointwiseOn(x, pointwiseOf(CUDNN_POINTWISE_GEN_INDEX, CUDNN_DATA_INT32)
                         .set(CUDNN_ATTR_POINTWISE_AXIS, axis))
          .set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, result));
}
