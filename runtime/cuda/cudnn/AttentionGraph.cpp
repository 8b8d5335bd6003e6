// See AttentionGraph.h. The operations are these, and in this order:
//
//   scores = scale q kᵀ [, Hidden where the key is after the query]
//   top = max of scores;  e = exp(scores - top);  sum = sum of e
//   lse = top + log(sum);  P = e / sum;  y = P v
#include "autopar/cuda/cudnn/AttentionGraph.h"

#include "autopar/cuda/cudnn/Graph.h"

using namespace autopar;
using namespace autopar::cuda;
using namespace autopar::cuda::cudnn;

namespace {

/// Dims are [batch, heads, rows, columns].
class AttentionGraph : public Graph {
public:
  /// A dense value inside the graph.
  Descriptor dense(cudnnDataType_t type, const Dims &dims) {
    return between(type, dims, {dims[1] * dims[2] * dims[3], dims[2] * dims[3], dims[3], 1});
  }

  void product(const Descriptor &a, const Descriptor &b, const Descriptor &result) {
    const Descriptor how = Descriptor(CUDNN_BACKEND_MATMUL_DESCRIPTOR)
                               .set(CUDNN_ATTR_MATMUL_COMP_TYPE, CUDNN_DATA_FLOAT)
                               .finalize();
    add(Descriptor(CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR)
            .set(CUDNN_ATTR_OPERATION_MATMUL_ADESC, a)
            .set(CUDNN_ATTR_OPERATION_MATMUL_BDESC, b)
            .set(CUDNN_ATTR_OPERATION_MATMUL_CDESC, result)
            .set(CUDNN_ATTR_OPERATION_MATMUL_DESC, how));
  }
  Descriptor product(const Descriptor &a, const Descriptor &b, const Dims &dims) {
    const Descriptor result = dense(CUDNN_DATA_FLOAT, dims);
    product(a, b, result);
    return result;
  }

  Descriptor reduce(cudnnReduceTensorOp_t mode, const Descriptor &x, const Dims &dims) {
    const Descriptor result = dense(CUDNN_DATA_FLOAT, dims);
    const Descriptor how = Descriptor(CUDNN_BACKEND_REDUCTION_DESCRIPTOR)
                               .set(CUDNN_ATTR_REDUCTION_OPERATOR, mode)
                               .set(CUDNN_ATTR_REDUCTION_COMP_TYPE, CUDNN_DATA_FLOAT)
                               .finalize();
    add(Descriptor(CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR)
            .set(CUDNN_ATTR_OPERATION_REDUCTION_XDESC, x)
            .set(CUDNN_ATTR_OPERATION_REDUCTION_YDESC, result)
            .set(CUDNN_ATTR_OPERATION_REDUCTION_DESC, how));
    return result;
  }

  /// Element by element; `b` may be null.
  Descriptor elements(cudnnPointwiseMode_t mode, const Descriptor &x, const Descriptor *b,
                      const Dims &dims) {
    const Descriptor result = dense(CUDNN_DATA_FLOAT, dims);
    pointwise(mode, x, b, result);
    return result;
  }

  /// The scores, or `hidden` where the column is beyond the row.
  Descriptor maskCausally(const Descriptor &scores, const Descriptor &hidden,
                          const Dims &dims) {
    const Descriptor row = dense(CUDNN_DATA_INT32, dims),
                     column = dense(CUDNN_DATA_INT32, dims);
    index(2, scores, row);
    index(3, scores, column);
    const Descriptor seen = dense(CUDNN_DATA_BOOLEAN, dims);
    pointwise(CUDNN_POINTWISE_CMP_GE, row, &column, seen, CUDNN_DATA_BOOLEAN);
    const Descriptor result = dense(CUDNN_DATA_FLOAT, dims);
    select(seen, scores, hidden, result);
    return result;
  }
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

  AttentionGraph graph;
  const Descriptor scale = scalar(Scale), hidden = scalar(Hidden);
  Descriptor scores =
      graph.elements(CUDNN_POINTWISE_MUL, graph.product(q, k, scoreDims), &scale, scoreDims);
  if (s.causal)
    scores = graph.maskCausally(scores, hidden, scoreDims);
  const Descriptor top = graph.reduce(CUDNN_REDUCE_TENSOR_MAX, scores, rowDims);
  const Descriptor e = graph.elements(
      CUDNN_POINTWISE_EXP, graph.elements(CUDNN_POINTWISE_SUB, scores, &top, scoreDims),
      nullptr, scoreDims);
  const Descriptor sum = graph.reduce(CUDNN_REDUCE_TENSOR_ADD, e, rowDims);
  const Descriptor logSum = graph.elements(CUDNN_POINTWISE_LOG, sum, nullptr, rowDims);
  graph.pointwise(CUDNN_POINTWISE_ADD, top, &logSum, lse);
  const Descriptor p = graph.dense(dataType(s.type), scoreDims);
  graph.pointwise(CUDNN_POINTWISE_DIV, e, &sum, p);
  graph.product(p, v, y);
  return {"Attention", graph, {}};
}
