// See Attention.h. cuDNN's fused kernels where it has them; else, for each sequence, all heads
// at once:
//
//   forward    S = q kᵀ;  P = softmax(scale S), lse;  y = P v
//   backward   S = q kᵀ, dP = dy vᵀ;  P = e^(scale S - lse), dS = scale P (dP - δ)
//              dv = Pᵀ dy,  dq = dS k,  dk = dSᵀ q
#include "autopar/cuda/Attention.h"

#include "autopar/cuda/AttentionPlan.h"
#include "autopar/cuda/Context.h"
#include "autopar/cuda/DropoutFactor.cuh"
#include "autopar/cuda/Kernel.cuh"

#include <map>
#include <stdexcept>
#include <tuple>

using namespace autopar;
using namespace autopar::cuda;

namespace {

/// The rows of scores of one sequence: [heads, sequence] of them.
struct Rows {
  int64_t heads, sequence, headSize;
  bool causal;
  float scale;
  int64_t firstPair = 0; ///< of sequence and head, among those of the whole mesh
  DropoutFactor dropout;
  bool drops;

  Rows(const AttentionShape &s, int64_t b, const int64_t *state)
      : heads(s.heads), sequence(s.sequence), headSize(s.headSize), causal(s.causal),
        scale(static_cast<float>(s.scale)), dropout(s.dropout, s.site, state),
        drops(state && s.dropout > 0) {
    if (drops) // Only then has `part` a meaning.
      firstPair = (s.part.begin[0] + b) * s.part.whole[2] + s.part.begin[2];
  }

  __device__ int64_t keys(int64_t query) const { return causal ? query + 1 : sequence; }

  /// What dropout multiplies the probability of row `row` and this key by.
  __device__ float factor(int64_t row, int64_t key) const {
    if (!drops)
      return 1;
    const int64_t head = row / sequence, query = row % sequence;
    return dropout(((firstPair + head) * sequence + query) * sequence + key);
  }
};

/// visit(key) for this thread's keys of a row, four neighbours at a time: those share a draw of
/// dropout's generator.
template <class Visit> __device__ void forEachKey(int64_t keys, const Visit &visit) {
  constexpr int64_t four = DropoutMask::blockElements;
  for (int64_t first = four * threadIdx.x; first < keys; first += four * blockThreads)
#pragma unroll
    for (int64_t k = first; k < first + four; ++k)
      if (k < keys)
        visit(k);
}

/// scores: f32 [heads, sequence, sequence]; p, which may be scores: the probabilities, dropped
/// out, and 0 beyond the keys that are seen; lse: [heads, sequence].
template <class T>
__global__ void __launch_bounds__(blockThreads)
    probabilitiesKernel(Rows rows, const float *scores, T *p, float *lse) {
  for (int64_t row = blockIdx.x; row < rows.heads * rows.sequence; row += gridDim.x) {
    const int64_t keys = rows.keys(row % rows.sequence);
    const float *const in = scores + row * rows.sequence;
    float top = -INFINITY;
    for (int64_t k = threadIdx.x; k < keys; k += blockThreads)
      top = fmaxf(top, in[k]);
    top = rows.scale * blockMax(top);
    float sum = 0;
    for (int64_t k = threadIdx.x; k < keys; k += blockThreads)
      sum += expf(rows.scale * in[k] - top);
    sum = blockSum(sum);
    forEachKey(rows.sequence, [&](int64_t k) {
      const float value =
          k < keys ? expf(rows.scale * in[k] - top) / sum * rows.factor(row, k) : 0;
      p[row * rows.sequence + k] = static_cast<T>(value);
    });
    if (threadIdx.x == 0)
      lse[row] = top + logf(sum);
  }
}

/// From the scores and dp = dy vᵀ: p, the probabilities as they met the values, and ds, the
/// gradient of q kᵀ. p may be scores, ds may be dp. dy, y: [sequence, heads, headSize].
template <class T>
__global__ void __launch_bounds__(blockThreads)
    slopesKernel(Rows rows, const float *scores, const float *lse, const T *dy, const T *y,
                 const float *dp, T *p, T *ds) {
  for (int64_t row = blockIdx.x; row < rows.heads * rows.sequence; row += gridDim.x) {
    const int64_t head = row / rows.sequence, query = row % rows.sequence;
    const int64_t out = (query * rows.heads + head) * rows.headSize;
    float product = 0; // δ: the sum over keys of P dP, which is that over outputs of dy y
    for (int64_t d = threadIdx.x; d < rows.headSize; d += blockThreads)
      product += static_cast<float>(dy[out + d]) * static_cast<float>(y[out + d]);
    product = blockSum(product);
    const int64_t keys = rows.keys(query), begin = row * rows.sequence;
    const float logSum = lse[row];
    forEachKey(rows.sequence, [&](int64_t k) {
      float probability = 0, slope = 0;
      if (k < keys) {
        const float factor = rows.factor(row, k);
        probability = expf(rows.scale * scores[begin + k] - logSum);
        slope = rows.scale * probability * (factor * dp[begin + k] - product);
        probability *= factor;
      }
      p[begin + k] = static_cast<T>(probability);
      ds[begin + k] = static_cast<T>(slope);
    });
  }
}

/// Calls body(std::type_identity of the type).
template <class Body> void withType(DataType type, Body body) {
  switch (type) {
  case DataType::BF16:
    return body(std::type_identity<bf16>());
  case DataType::F16:
    return body(std::type_identity<f16>());
  default:
    return body(std::type_identity<float>());
  }
}

/// The matrices of a sequence, a head after the other.
struct Matrices {
  blas::Matrix packed;  ///< queries, keys or values [sequence, headSize] in qkv
  blas::Matrix out;     ///< the same in y
  blas::Matrix scores;  ///< f32 [sequence, sequence]
  blas::Matrix factors; ///< the same in the operands' type

  explicit Matrices(const AttentionShape &s)
      : packed{s.type, false, 3 * s.heads * s.headSize, s.headSize},
        out{s.type, false, s.heads * s.headSize, s.headSize}, scores{DataType::F32, false,
                                                                     s.sequence,
                                                                     s.sequence * s.sequence},
        factors{s.type, false, s.sequence, s.sequence * s.sequence} {}
};

blas::Matrix transposed(blas::Matrix matrix) {
  matrix.transposed = true;
  return matrix;
}

/// A tensor's bytes from the sequence on.
const std::byte *at(const void *tensor, int64_t elements, DataType type) {
  return static_cast<const std::byte *>(tensor) + elements * bytesOf(type);
}
std::byte *writable(const std::byte *data) { return const_cast<std::byte *>(data); }

/// The operands that both of cuDNN's passes have. The numbers are where the list says, so it
/// is not copied.
struct FusedOperands {
  const float scale, hidden = -INFINITY, one = 1;
  std::vector<cudnn::Plan::Operand> list;

  FusedOperands(const AttentionShape &s, const void *qkv, const void *y, const float *lse)
      : scale(static_cast<float>(s.scale)) {
    add(cudnn::Queries, qkv);
    add(cudnn::Keys, at(qkv, s.heads * s.headSize, s.type));
    add(cudnn::Values, at(qkv, 2 * s.heads * s.headSize, s.type));
    add(cudnn::Out, y);
    add(cudnn::LogSums, lse);
    add(cudnn::Scale, &scale);
    if (s.causal)
      add(cudnn::Hidden, &hidden);
  }
  FusedOperands(const FusedOperands &) = delete;

  void add(int64_t id, const void *data) { list.push_back({id, data}); }
};

unsigned blocksForRows(const AttentionShape &s) {
  return static_cast<unsigned>(std::clamp<int64_t>(s.heads * s.sequence, 1, 4 * manyBlocks));
}

} // namespace

/// cuDNN's fused pass, as `plan` makes it, where there is one that wants no more than
/// `workspaceLimit` bytes. Calls that are alike, as those of a network's layers are, share it:
/// cuDNN compiles a kernel for each.
template <cudnn::Plan (*plan)(const AttentionShape &, size_t)>
static std::shared_ptr<const cudnn::Plan> fusedPlan(const AttentionShape &s,
                                                    size_t workspaceLimit) {
  using Key = std::tuple<int64_t, int64_t, int64_t, int64_t, bool, DataType, bool, size_t>;
  static std::map<Key, std::weak_ptr<const cudnn::Plan>> plans;
  std::weak_ptr<const cudnn::Plan> &alike =
      plans[{s.batch, s.sequence, s.heads, s.headSize, s.causal, s.type, s.deterministic,
             workspaceLimit}];
  if (std::shared_ptr<const cudnn::Plan> known = alike.lock())
    return known;
  try {
    auto made = std::make_shared<const cudnn::Plan>(plan(s, workspaceLimit));
    alike = made;
    return made;
  } catch (const std::runtime_error &) {
    return nullptr; // A shape that it does not take, a head of 20 say: products do it.
  }
}

void Attention::run(const Context &context, Operand qkv, const int64_t *step, Operand y,
                    float *lse, void *workspace) const {
  const AttentionShape &s = state->shape;
  requireType(state->call, "operands", s.type, qkv.type);
  requireType(state->call, "a result", s.type, y.type);
  if (!state->products) {
    const Matrices of(s);
    state->products = std::make_shared<std::vector<blas::Product>>();
    const auto add = [&](int64_t n, int64_t k, auto a, auto b, auto c) {
      state->products->emplace_back(
          blas::ProductShape{s.sequence, n, k, a, b, c, s.heads, s.tf32});
    };
    add(s.sequence, s.headSize, of.packed, transposed(of.packed), of.scores);
    add(s.headSize, s.sequence, of.factors, of.packed, of.out);
    if (state->mayFuse())
      state->fused = fusedPlan<cudnn::planAttention>(s, state->plannedBytes);
  }
  blas::Product &makeScores = (*state->products)[0], &makeOut = (*state->products)[1];

  const int64_t part = s.heads * s.headSize; // from queries to keys to values
  if (state->fused) {
    FusedOperands operands(s, qkv.data, y.data, lse);
    if (state->fused->tryRun(context.cudnn(), operands.list, workspace))
      return;
    state->fused = nullptr; // It has told so.
  }
  auto *const scores = static_cast<std::byte *>(workspace) + blas::workspaceBytes;
  std::byte *const factors = s.type == DataType::F32 ? scores : scores + state->scoreBytes();
  for (int64_t b = 0; b < s.batch; ++b) {
    const std::byte *const q = at(qkv.data, b * s.sequence * 3 * part, s.type);
    const std::byte *const out = at(y.data, b * s.sequence * part, s.type);
    makeScores.run(context, q, at(q, part, s.type), scores, workspace);
    withType(s.type, [&](auto of) {
      using T = typename decltype(of)::type;
      launch(probabilitiesKernel<T>, blocksForRows(s), blockThreads, 0, context.compute,
             Rows(s, b, step), reinterpret_cast<const float *>(scores),
             reinterpret_cast<T *>(factors), lse + b * s.heads * s.sequence);
    });
    checkLaunch();
    makeOut.run(context, factors, at(q, 2 * part, s.type), writable(out), workspace);
  }
}

void AttentionGrad::run(const Context &context, Operand dy, Operand qkv, Operand y,
                        const float *lse, const int64_t *step, Operand dqkv,
                        void *workspace) const {
  const AttentionShape &s = state->shape;
  for (const Operand &operand : {dy, qkv, y, dqkv})
    requireType(state->call, "operands", s.type, operand.type);
  if (!state->products) {
    const Matrices of(s);
    state->products = std::make_shared<std::vector<blas::Product>>();
    const auto add = [&](int64_t n, int64_t k, auto a, auto b, auto c) {
      state->products->emplace_back(
          blas::ProductShape{s.sequence, n, k, a, b, c, s.heads, s.tf32});
    };
    add(s.sequence, s.headSize, of.packed, transposed(of.packed), of.scores);
    add(s.sequence, s.headSize, of.out, transposed(of.packed), of.scores);
    add(s.headSize, s.sequence, of.factors, of.packed, of.packed);
    add(s.headSize, s.sequence, transposed(of.factors), of.packed, of.packed);
    add(s.headSize, s.sequence, transposed(of.factors), of.out, of.packed);
    if (state->mayFuse() && state->plannedBytes >= state->fusedBytes())
      state->fused =
          fusedPlan<cudnn::planAttentionGrad>(s, state->plannedBytes - state->fusedBytes());
  }
  const int64_t part = s.heads * s.headSize;
  if (state->fused) {
    auto *const querySums = static_cast<std::byte *>(workspace);
    std::byte *const delta = querySums + state->querySumBytes();
    FusedOperands operands(s, qkv.data, y.data, lse);
    operands.add(cudnn::OutGrad, dy.data);
    operands.add(cudnn::QueriesGrad, dqkv.data);
    operands.add(cudnn::KeysGrad, at(dqkv.data, part, s.type));
    operands.add(cudnn::ValuesGrad, at(dqkv.data, 2 * part, s.type));
    operands.add(cudnn::Delta, delta);
    operands.add(cudnn::One, &operands.one);
    if (!s.deterministic)
      operands.add(cudnn::QuerySums, querySums);
    if (state->fused->tryRun(context.cudnn(), operands.list, delta + state->deltaBytes()))
      return;
    state->fused = nullptr; // It has told so.
  }
  std::vector<blas::Product> &products = *state->products;

  auto *const scores = static_cast<std::byte *>(workspace) + blas::workspaceBytes;
  std::byte *const slopes = scores + state->scoreBytes();
  const bool inPlace = s.type == DataType::F32;
  std::byte *const p = inPlace ? scores : slopes + state->scoreBytes();
  std::byte *const ds = inPlace ? slopes : p + state->factorBytes();
  for (int64_t b = 0; b < s.batch; ++b) {
    const int64_t sequences = b * s.sequence * part;
    const std::byte *const q = at(qkv.data, 3 * sequences, s.type);
    const std::byte *const k = at(q, part, s.type), *const v = at(k, part, s.type);
    std::byte *const dq = writable(at(dqkv.data, 3 * sequences, s.type));
    std::byte *const dk = writable(at(dq, part, s.type));
    std::byte *const dv = writable(at(dk, part, s.type));
    const std::byte *const above = at(dy.data, sequences, s.type);
    products[0].run(context, q, k, scores, workspace);
    products[1].run(context, above, v, slopes, workspace);
    withType(s.type, [&](auto of) {
      using T = typename decltype(of)::type;
      launch(slopesKernel<T>, blocksForRows(s), blockThreads, 0, context.compute,
             Rows(s, b, step), reinterpret_cast<const float *>(scores),
             lse + b * s.heads * s.sequence, reinterpret_cast<const T *>(above),
             static_cast<const T *>(y.data) + sequences,
             reinterpret_cast<const float *>(slopes), reinterpret_cast<T *>(p),
             reinterpret_cast<T *>(ds));
    });
    checkLaunch();
    products[2].run(context, ds, k, dq, workspace);
    products[3].run(context, ds, q, dk, workspace);
    products[4].run(context, p, above, dv, workspace);
  }
}
