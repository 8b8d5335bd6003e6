// See AttentionGraph.h. The operations are these, and in this order:
//
//   forward    S = scale q kᵀ [, Hidden where the key is after the query]
//              top = max of S;  e = exp(S - top);  sum = sum of e
//              lse = top + log(sum);  P = e / sum;  y = P v
//   backward   δ = sum of dy y
//              P = exp(scale q kᵀ - lse [, Hidden where the key is after the query])
//              dv = Pᵀ dy;  dS = scale P (dy vᵀ - δ);  dk = dSᵀ q;  dq = dS k
//
// A block of threads has some of the keys, and all queries pass by it: what it has of dq is
// added to an f32 tensor in memory, in whatever order blocks come. Where that is not wanted dS
// goes to memory, in cuDNN's workspace.
#include "autopar/cuda/cudnn/AttentionGraph.h"

#include "autopar/cuda/Planning.h"
#include "autopar/cuda/Workspace.h"
#include "autopar/cuda/cudnn/Graph.h"

#include <stdexcept>

using namespace autopar;
using namespace autopar::cuda;
using namespace autopar::cuda::cudnn;

namespace {

/// Dims are [batch, heads, rows, columns].
class AttentionGraph : public Graph {
  const AttentionShape &shape;

public:
  const Dims perHead{shape.batch, shape.heads, shape.sequence, shape.headSize};
  const Dims scoreDims{shape.batch, shape.heads, shape.sequence, shape.sequence};
  const Dims rowDims{shape.batch, shape.heads, shape.sequence, 1};

  explicit AttentionGraph(const AttentionShape &shape) : shape(shape) {}

  /// Queries, keys or values in qkv or dqkv.
  Descriptor packed(int64_t id) const {
    return tensor(id, shape.type, perHead, packedStrides());
  }
  Descriptor packedTransposed(int64_t id) const {
    return tensor(id, shape.type, transposed(perHead), transposed(packedStrides()));
  }
  /// y or dy.
  Descriptor out(int64_t id) const {
    const int64_t row = shape.heads * shape.headSize;
    return tensor(id, shape.type, perHead, {shape.sequence * row, shape.headSize, row, 1});
  }
  /// In f32, dense.
  Descriptor single(int64_t id, const Dims &dims) const {
    return tensor(id, DataType::F32, dims, denseStrides(dims));
  }

  /// A dense value inside the graph.
  Descriptor dense(cudnnDataType_t type, const Dims &dims) {
    return between(type, dims, denseStrides(dims));
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

  /// x in the operands' type, its last two dimensions exchanged: another view of its elements.
  Descriptor transpose(const Descriptor &x, const Dims &dims, const Dims &strides) {
    const Descriptor result =
        between(dataType(shape.type), transposed(dims), transposed(strides));
    add(Descriptor(CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR)
            .set(CUDNN_ATTR_OPERATION_RESHAPE_XDESC, x)
            .set(CUDNN_ATTR_OPERATION_RESHAPE_YDESC, result));
    return result;
  }
  Descriptor transposeScores(const Descriptor &x) {
    return transpose(x, scoreDims, denseStrides(scoreDims));
  }
  /// Of packedTransposed.
  Descriptor transposeBack(const Descriptor &x) {
    return transpose(x, transposed(perHead), transposed(packedStrides()));
  }

  /// scale q kᵀ
  Descriptor scores(const Descriptor &q, const Descriptor &transposedK,
                    const Descriptor &scale) {
    return elements(CUDNN_POINTWISE_MUL, product(q, transposedK, scoreDims), &scale, scoreDims);
  }

  /// The scores; where attention is causal, minus infinity where the column is beyond the row.
  Descriptor mask(const Descriptor &scores) {
    if (!shape.causal)
      return scores;
    const Descriptor row = dense(CUDNN_DATA_INT32, scoreDims),
                     column = dense(CUDNN_DATA_INT32, scoreDims);
    index(2, scores, row);
    index(3, scores, column);
    const Descriptor seen = dense(CUDNN_DATA_BOOLEAN, scoreDims);
    pointwise(CUDNN_POINTWISE_CMP_GE, row, &column, seen, CUDNN_DATA_BOOLEAN);
    const Descriptor result = dense(CUDNN_DATA_FLOAT, scoreDims);
    select(seen, scores, scalar(Hidden), result);
    return result;
  }

private:
  static Dims transposed(Dims dims) {
    std::swap(dims[2], dims[3]);
    return dims;
  }
  static Dims denseStrides(const Dims &dims) {
    return {dims[1] * dims[2] * dims[3], dims[2] * dims[3], dims[3], 1};
  }
  Dims packedStrides() const {
    const int64_t row = 3 * shape.heads * shape.headSize;
    return {shape.sequence * row, shape.headSize, row, 1};
  }
};

} // namespace

static Plan::Demands demandsOf(const AttentionShape &s, size_t workspaceLimit) {
  return {.engines = {.deterministic = s.deterministic}, .workspaceLimit = workspaceLimit};
}

Plan cuda::cudnn::planAttention(const AttentionShape &s, size_t workspaceLimit) {
  AttentionGraph graph(s);
  const Dims &scoreDims = graph.scoreDims, &rowDims = graph.rowDims;
  const Descriptor scores = graph.mask(
      graph.scores(graph.packed(Queries), graph.packedTransposed(Keys), scalar(Scale)));
  const Descriptor top = graph.reduce(CUDNN_REDUCE_TENSOR_MAX, scores, rowDims);
  const Descriptor e = graph.elements(
      CUDNN_POINTWISE_EXP, graph.elements(CUDNN_POINTWISE_SUB, scores, &top, scoreDims),
      nullptr, scoreDims);
  const Descriptor sum = graph.reduce(CUDNN_REDUCE_TENSOR_ADD, e, rowDims);
  const Descriptor logSum = graph.elements(CUDNN_POINTWISE_LOG, sum, nullptr, rowDims);
  graph.pointwise(CUDNN_POINTWISE_ADD, top, &logSum, graph.single(LogSums, rowDims));
  const Descriptor p = graph.dense(dataType(s.type), scoreDims);
  graph.pointwise(CUDNN_POINTWISE_DIV, e, &sum, p);
  graph.product(p, graph.packed(Values), graph.out(Out));
  return {"Attention", graph, demandsOf(s, workspaceLimit)};
}

Plan cuda::cudnn::planAttentionGrad(const AttentionShape &s, size_t workspaceLimit) {
  // Until 9.6 callers had to clear QuerySums; until 9.15 the last keys of a sequence that is no
  // multiple of 128 came out wrong.
  if (cudnnGetVersion() < 91600)
    throw std::runtime_error("AttentionGrad: a plan needs cuDNN 9.16, and this is version " +
                             std::to_string(cudnnGetVersion()));
  AttentionGraph graph(s);
  const Dims &scoreDims = graph.scoreDims, &rowDims = graph.rowDims;
  const Descriptor q = graph.packed(Queries), transposedK = graph.packedTransposed(Keys),
                   dy = graph.out(OutGrad), y = graph.out(Out), scale = scalar(Scale),
                   one = scalar(One), lse = graph.single(LogSums, rowDims),
                   delta = graph.single(Delta, rowDims);

  // cuDNN expects a factor here, which with dropout would not be one.
  graph.pointwise(CUDNN_POINTWISE_MUL,
                  graph.reduce(CUDNN_REDUCE_TENSOR_ADD,
                               graph.elements(CUDNN_POINTWISE_MUL, dy, &y, graph.perHead),
                               rowDims),
                  &one, delta);

  const Descriptor p = graph.elements(
      CUDNN_POINTWISE_EXP,
      graph.mask(graph.elements(CUDNN_POINTWISE_SUB, graph.scores(q, transposedK, scale), &lse,
                                scoreDims)),
      nullptr, scoreDims);
  graph.product(graph.transposeScores(p), dy, graph.packed(ValuesGrad));

  const Descriptor dp = graph.product(dy, graph.packedTransposed(Values), scoreDims);
  const Descriptor ds = graph.elements(
      CUDNN_POINTWISE_MUL,
      graph.elements(CUDNN_POINTWISE_MUL,
                     graph.elements(CUDNN_POINTWISE_SUB, dp, &delta, scoreDims), &p, scoreDims),
      &scale, scoreDims);
  graph.product(graph.transposeScores(ds), q, graph.packed(KeysGrad));

  const Descriptor k = graph.transposeBack(transposedK), dq = graph.packed(QueriesGrad);
  if (s.deterministic) {
    graph.product(ds, k, dq);
  } else {
    const Descriptor sums = graph.single(QuerySums, graph.perHead);
    graph.product(ds, k, sums);
    graph.pointwise(CUDNN_POINTWISE_IDENTITY, sums, nullptr, dq);
  }
  return {"AttentionGrad", graph, demandsOf(s, workspaceLimit)};
}

std::optional<size_t> cuda::cudnn::attentionGradWorkspace(const AttentionShape &s) {
  const auto upTo = [](int64_t count, int64_t multiple) {
    return (count + multiple - 1) / multiple * multiple;
  };
  const int generation = plannedDevice().capability / 10;
  if (s.headSize % 8 != 0 || s.headSize > (generation == 9 ? 256 : 128))
    return std::nullopt;
  const int64_t heads = s.batch * s.heads;
  int64_t bytes = 0;
  if (s.deterministic) // dS
    bytes = heads * upTo(s.sequence, 64) * upTo(s.sequence, generation == 9 ? 128 : 64) *
            bytesOf(s.type);
  else if (generation != 9 && generation != 10) // sums of its own
    bytes = heads * upTo(s.sequence, 8) * s.headSize * sizeof(float);
  return bytes + alignment; // The rest is 128 or 256 bytes.
}
