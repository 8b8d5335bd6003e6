// See AttentionGraph.h. The operations are these, and in this order:
//
//   scores = scale q kᵀ [, Hidden where the key is after the query]
//   top = max of scores;  e = exp(scores - top);  sum = sum of e
//   lse = top + log(sum);  P = e / sum;  y = P v
#include "autopar/cuda/cudnn/AttentionGraph.h"

#include <array>

using namespace autopar;
using namespace autopar::cuda;
using namespace autopar::cuda::cudnn;

namespace {

using Dims = std::array<int64_t, 4>; ///< [batch, heads, rows, columns]

class Graph {
public:
  std::vector<Descriptor> operations;

  Descriptor product(const Descriptor &a, const Descriptor &b, const Dims &dims) {
    const Descriptor result = between(CUDNN_DATA_FLOAT, dims);
    product(a, b, result);
    return result;
  }

  void product(const Descriptor &a, const Descriptor &b, const Descriptor &result) {
    const Descriptor how = Descriptor(CUDNN_BACKEND_MATMUL_DESCRIPTOR)
                               .set(CUDNN_ATTR_MATMUL_COMP_TYPE, CUDNN_DATA_FLOAT)
                               .finalize();
    operations.push_back(Descriptor(CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR)
                             .set(CUDNN_ATTR_OPERATION_MATMUL_ADESC, a)
                             .set(CUDNN_ATTR_OPERATION_MATMUL_BDESC, b)
                             .set(CUDNN_ATTR_OPERATION_MATMUL_CDESC, result)
                             .set(CUDNN_ATTR_OPERATION_MATMUL_DESC, how)
                             .finalize());
  }

  Descriptor reduce(cudnnReduceTensorOp_t mode, const Descriptor &x, const Dims &dims) {
    const Descriptor result = between(CUDNN_DATA_FLOAT, dims);
    const Descriptor how = Descriptor(CUDNN_BACKEND_REDUCTION_DESCRIPTOR)
                               .set(CUDNN_ATTR_REDUCTION_OPERATOR, mode)
                               .set(CUDNN_ATTR_REDUCTION_COMP_TYPE, CUDNN_DATA_FLOAT)
                               .finalize();
    operations.push_back(Descriptor(CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR)
                             .set(CUDNN_ATTR_OPERATION_REDUCTION_XDESC, x)
                             .set(CUDNN_ATTR_OPERATION_REDUCTION_YDESC, result)
                             .set(CUDNN_ATTR_OPERATION_REDUCTION_DESC, how)
                             .finalize());
    return result;
  }

  /// Element by element; `b` and `mask` may be null.
  void pointwise(cudnnPointwiseMode_t mode, const Descriptor &x, const Descriptor *b,
                 const Descriptor &result, cudnnDataType_t precision = CUDNN_DATA_FLOAT,
                 const Descriptor *mask = nullptr) {
    add(pointwiseOf(mode, precision).finalize(), x, b, mask, result);
  }
  Descriptor pointwise(cudnnPointwiseMode_t mode, const Descriptor &x, const Descriptor *b,
                       const Dims &dims) {
    const Descriptor result = between(CUDNN_DATA_FLOAT, dims);
    pointwise(mode, x, b, result);
    return result;
  }

  /// The scores, or `hidden` where the column is beyond the row.
  Descriptor maskCausally(const Descriptor &scores, const Descriptor &hidden,
                          const Dims &dims) {
    const auto index = [&](int64_t axis) {
      const Descriptor result = between(CUDNN_DATA_INT32, dims);
      add(pointwiseOf(CUDNN_POINTWISE_GEN_INDEX, CUDNN_DATA_INT32)
              .set(CUDNN_ATTR_POINTWISE_AXIS, axis)
              .finalize(),
          scores, nullptr, nullptr, result);
      return result;
    };
    const Descriptor row = index(2), column = index(3);
    const Descriptor seen = between(CUDNN_DATA_BOOLEAN, dims);
    pointwise(CUDNN_POINTWISE_CMP_GE, row, &column, seen, CUDNN_DATA_BOOLEAN);
    const Descriptor result = between(CUDNN_DATA_FLOAT, dims);
    pointwise(CUDNN_POINTWISE_BINARY_SELECT, scores, &hidden, result, CUDNN_DATA_FLOAT, &seen);
    return result;
  }

  /// A dense value inside the graph.
  Descriptor between(cudnnDataType_t type, const Dims &dims) {
    const Dims strides{dims[1] * dims[2] * dims[3], dims[2] * dims[3], dims[3], 1};
    return tensor(nextId++, type, dims, strides)
        .set(CUDNN_ATTR_TENSOR_IS_VIRTUAL, true)
        .finalize();
  }

  /// One number, given as it is.
  Descriptor scalar(int64_t id) {
    return tensor(id, CUDNN_DATA_FLOAT, {1, 1, 1, 1}, {1, 1, 1, 1})
        .set(CUDNN_ATTR_TENSOR_IS_BY_VALUE, true)
        .finalize();
  }

private:
  static Descriptor tensor(int64_t id, cudnnDataType_t type, const Dims &dims,
                           const Dims &strides) {
    return Descriptor(CUDNN_BACKEND_TENSOR_DESCRIPTOR)
        .set(CUDNN_ATTR_TENSOR_UNIQUE_ID, id)
        .set(CUDNN_ATTR_TENSOR_DATA_TYPE, type)
        .set(CUDNN_ATTR_TENSOR_DIMENSIONS, std::span<const int64_t>(dims))
        .set(CUDNN_ATTR_TENSOR_STRIDES, std::span<const int64_t>(strides))
        .set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, int64_t(16));
  }

  static Descriptor pointwiseOf(cudnnPointwiseMode_t mode, cudnnDataType_t precision) {
    return Descriptor(CUDNN_BACKEND_POINTWISE_DESCRIPTOR)
        .set(CUDNN_ATTR_POINTWISE_MODE, mode)
        .set(CUDNN_ATTR_POINTWISE_MATH_PREC, precision);
  }

  void add(const Descriptor &how, const Descriptor &x, const Descriptor *b,
           const Descriptor *mask, const Descriptor &result) {
    Descriptor operation(CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
    operation.set(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, how)
        .set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, x)
        .set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, result);
    if (b)
      operation.set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, *b);
    if (mask)
      operation.set(CUDNN_ATTR_OPERATION_POINTWISE_TDESC, *mask);
    operations.push_back(operation.finalize());
  }

  int64_t nextId = 100; ///< beyond the operands'
};

} // namespace

Plan cuda::cudnn::planAttention(const AttentionShape &s) {
  const int64_t row = s.heads * s.headSize, packedRow = 3 * row;
  const Dims perHead{s.batch, s.heads, s.sequence, s.headSize};
  const Dims scoreDims{s.batch, s.heads, s.sequence, s.sequence};
  const Dims rowDims{s.batch, s.heads, s.sequence, 1};
  const Dims packed{s.sequence * packedRow, s.headSize, packedRow, 1};

  const Descriptor q = tensor(Queries, s.type, perHead, packed);
  const Descriptor k = tensor(Keys, s.type, Dims{s.batch, s.heads, s.headSize, s.sequence},
                              Dims{s.sequence * packedRow, s.headSize, 1, packedRow});
  const Descriptor v = tensor(Values, s.type, perHead, packed);
  const Descriptor y = tensor(Out, s.type, perHead, Dims{s.sequence * row, s.headSize, row, 1});
  const Descriptor lse =
      tensor(LogSums, DataType::F32, rowDims, Dims{s.heads * s.sequence, s.sequence, 1, 1});

  Graph graph;
  const Descriptor scale = graph.scalar(Scale), hidden = graph.scalar(Hidden);
  Descriptor scores =
      graph.pointwise(CUDNN_POINTWISE_MUL, graph.product(q, k, scoreDims), &scale, scoreDims);
  if (s.causal)
    scores = graph.maskCausally(scores, hidden, scoreDims);
  const Descriptor top = graph.reduce(CUDNN_REDUCE_TENSOR_MAX, scores, rowDims);
  const Descriptor e = graph.pointwise(
      CUDNN_POINTWISE_EXP, graph.pointwise(CUDNN_POINTWISE_SUB, scores, &top, scoreDims),
      nullptr, scoreDims);
  const Descriptor sum = graph.reduce(CUDNN_REDUCE_TENSOR_ADD, e, rowDims);
  const Descriptor logSum = graph.pointwise(CUDNN_POINTWISE_LOG, sum, nullptr, rowDims);
  graph.pointwise(CUDNN_POINTWISE_ADD, top, &logSum, lse);
  const Descriptor p = graph.between(dataType(s.type), scoreDims);
  graph.pointwise(CUDNN_POINTWISE_DIV, e, &sum, p);
  graph.product(p, v, y);
  return {"Attention", graph.operations, {}};
}
