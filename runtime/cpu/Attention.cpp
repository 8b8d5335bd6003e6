// See Attention.h. Work is cut into pairs of a sequence and a head, and these into blocks of
// queries or keys; of a causal product, blocks above the diagonal are left out.
//
//   forward, a block of 64 queries:   scores [keys, 64] = k qᵀ;  y = softmax(scores)ᵀ v
//   backward, a block of 64 keys:     P [queries, 64] = e^(q kᵀ - lse),  dS = P (dy vᵀ - δ)
//                                     dv = Pᵀ dy,  dk = dSᵀ q,  dq += dS k
//
// The forward scores stand key by key, so that their sums run along a vector of queries and
// only the queries need to be transposed.
#include "autopar/cpu/Attention.h"

#include "autopar/cpu/DropoutFactors.h"
#include "autopar/cpu/Exponential.h"
#include "autopar/cpu/Rows.h"
#include "autopar/cpu/SmallMatmul.h"
#include "autopar/cpu/Workspace.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cpu;

namespace {

constexpr int64_t block = 64; ///< queries or keys

const AttentionShape &checked(const char *call, const AttentionShape &shape) {
  if (!(shape.scale > 0))
    throw std::invalid_argument(std::string(call) + ": a scale of " +
                                std::to_string(shape.scale) +
                                "; it must be positive, 1/sqrt(headSize) as a rule");
  return shape;
}

/// The factors of this step, where there is dropout.
std::optional<DropoutFactors> dropoutOf(const char *call, const AttentionShape &shape,
                                        const int64_t *state) {
  if (!(shape.dropout > 0))
    return std::nullopt;
  if (!state)
    throw std::logic_error(std::string(call) + ": a dropout of " +
                           std::to_string(shape.dropout) + " needs the step's state");
  return DropoutFactors(shape.dropout, shape.site, state);
}

/// Where the tensors of a pair of sequence b and head h lie.
struct Pair {
  const AttentionShape &shape;
  int64_t b, h;

  Pair(const AttentionShape &shape, int64_t index)
      : shape(shape), b(index / shape.heads), h(index % shape.heads) {}

  /// Elements from one position of a sequence to the next.
  int64_t packedRow() const { return 3 * shape.heads * shape.headSize; }
  int64_t row() const { return shape.heads * shape.headSize; }

  /// `part` is 0 for queries, 1 for keys, 2 for values.
  int64_t packed(int64_t part, int64_t position) const {
    return (b * shape.sequence + position) * packedRow() +
           (part * shape.heads + h) * shape.headSize;
  }
  int64_t at(int64_t position) const {
    return (b * shape.sequence + position) * row() + h * shape.headSize;
  }
  int64_t rowSum(int64_t position) const {
    return (b * shape.heads + h) * shape.sequence + position;
  }

  /// The index, in the whole mesh's probabilities, of the query's and its first key's.
  int64_t probability(int64_t query) const {
    const Part &part = shape.part;
    return (((part.begin[0] + b) * part.whole[2] + part.begin[2] + h) * part.whole[1] + query) *
           part.whole[1];
  }
};

/// to [headSize, block] = factor times the transpose of from [count, headSize]; columns beyond
/// `count` are 0.
void transposeBlock(const float *from, int64_t fromRow, int64_t count, int64_t headSize,
                    float factor, float *to) {
  for (int64_t d = 0; d < headSize; ++d) {
    for (int64_t i = 0; i < count; ++i)
      to[d * block + i] = factor * from[i * fromRow + d];
    std::fill(to + d * block + count, to + (d + 1) * block, 0.0f);
  }
}

/// A thread's part of the workspace, taken slice after slice.
class Scratch {
public:
  Scratch(void *workspace, size_t bytesOfThread)
      : next(static_cast<std::byte *>(workspace) + omp_get_thread_num() * bytesOfThread) {}

  float *take(int64_t count) {
    float *const slice = reinterpret_cast<float *>(next);
    next += bytes(count);
    return slice;
  }
  static size_t bytes(int64_t count) { return alignUp(count * sizeof(float)); }

private:
  std::byte *next;
};

} // namespace

//===- Forward -----------------------------------------------------------------------===//

namespace {

size_t forwardBytes(const AttentionShape &shape) {
  return Scratch::bytes(shape.headSize * block) + Scratch::bytes(shape.sequence * block) +
         (shape.dropout > 0 ? Scratch::bytes(shape.sequence) : 0);
}

class Forward {
public:
  Forward(const Pair &pair, const float *qkv, float *y, float *lse, void *workspace)
      : pair(pair), shape(pair.shape), qkv(qkv), y(y), lse(lse),
        scratch(workspace, forwardBytes(shape)), queries(scratch.take(shape.headSize * block)),
        scores(scratch.take(shape.sequence * block)) {}

  void run(int64_t first, const std::optional<DropoutFactors> &dropout) {
    const int64_t count = std::min(block, shape.sequence - first);
    const int64_t keys = shape.causal ? first + count : shape.sequence;
    transposeBlock(qkv + pair.packed(0, first), pair.packedRow(), count, shape.headSize,
                   static_cast<float>(shape.scale), queries);
    smallMatmul(keys, block, shape.headSize, {qkv + pair.packed(1, 0), pair.packedRow(), 1},
                queries, block, scores, block,
                /*add=*/false);
    if (shape.causal)
      for (int64_t key = first + 1; key < keys; ++key)
        std::fill_n(scores + key * block, key - first, -INFINITY);

    alignas(alignment) float top[block], sum[block];
    exponentiate(keys, top, sum);
    if (dropout)
      drop(*dropout, first, count, keys);
    smallMatmul(count, shape.headSize, keys, {scores, 1, block}, qkv + pair.packed(2, 0),
                pair.packedRow(), y + pair.at(first), pair.row(), /*add=*/false);
    for (int64_t i = 0; i < count; ++i) {
      float *const out = y + pair.at(first + i);
      const float scale = 1 / sum[i];
#pragma omp simd
      for (int64_t d = 0; d < shape.headSize; ++d)
        out[d] *= scale;
      lse[pair.rowSum(first + i)] = top[i] + std::log(sum[i]);
    }
  }

private:
  /// Turns scores [keys, block] into their exponentials relative to each query's largest.
  void exponentiate(int64_t keys, float *top, float *sum) {
    std::fill_n(top, block, -INFINITY);
    std::fill_n(sum, block, 0.0f);
    for (int64_t key = 0; key < keys; ++key)
#pragma omp simd
      for (int64_t i = 0; i < block; ++i)
        top[i] = scores[key * block + i] > top[i] ? scores[key * block + i] : top[i];
    for (int64_t key = 0; key < keys; ++key)
#pragma omp simd
      for (int64_t i = 0; i < block; ++i) {
        scores[key * block + i] = expOf(scores[key * block + i] - top[i]);
        sum[i] += scores[key * block + i];
      }
  }

  void drop(const DropoutFactors &dropout, int64_t first, int64_t count, int64_t keys) {
    Scratch behind = scratch;
    float *const factors = behind.take(shape.sequence);
    for (int64_t i = 0; i < count; ++i) {
      dropout(pair.probability(first + i), keys, factors);
      for (int64_t key = 0; key < keys; ++key)
        scores[key * block + i] *= factors[key];
    }
  }

  const Pair &pair;
  const AttentionShape &shape;
  const float *qkv;
  float *y, *lse;
  Scratch scratch;
  float *queries; ///< [headSize, block], scaled
  float *scores;  ///< [sequence, block]
};

} // namespace

Attention::Attention(const AttentionShape &shape) : shape(checked("Attention", shape)) {}

size_t Attention::workspaceBytes() const { return omp_get_max_threads() * forwardBytes(shape); }

void Attention::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("Attention", workspaceBytes(), planned);
}

void Attention::operator()(const float *qkv, float *y, float *lse, void *workspace) const {
  (*this)(qkv, nullptr, y, lse, workspace);
}

void Attention::operator()(const float *qkv, const int64_t *state, float *y, float *lse,
                           void *workspace) const {
  const auto dropout = dropoutOf("Attention", shape, state);
  const int64_t blocks = divideUp(shape.sequence, block);
  const int64_t pairs = shape.batch * shape.heads;
  // Later blocks of a causal product have more to do, so each pair's come in turn.
#pragma omp parallel for collapse(2) schedule(dynamic)
  for (int64_t index = 0; index < pairs; ++index)
    for (int64_t i = 0; i < blocks; ++i) {
      const Pair pair(shape, index);
      Forward(pair, qkv, y, lse, workspace).run(i * block, dropout);
    }
}

//===- Backward ----------------------------------------------------------------------===//

namespace {

size_t backwardBytes(const AttentionShape &shape) {
  return 2 * Scratch::bytes(shape.headSize * block) +
         2 * Scratch::bytes(shape.sequence * block) + Scratch::bytes(shape.sequence);
}

class Backward {
public:
  Backward(const Pair &pair, const float *dy, const float *qkv, const float *y,
           const float *lse, float *dqkv, void *workspace)
      : pair(pair), shape(pair.shape), dy(dy), qkv(qkv), lse(lse), dqkv(dqkv),
        scratch(workspace, backwardBytes(shape)), keys(scratch.take(shape.headSize * block)),
        values(scratch.take(shape.headSize * block)),
        probabilities(scratch.take(shape.sequence * block)),
        slopes(scratch.take(shape.sequence * block)), products(scratch.take(shape.sequence)) {
    // δ of a query: the sum over its keys of P dP, which is that over its outputs of dy y.
    for (int64_t query = 0; query < shape.sequence; ++query) {
      const float *const above = dy + pair.at(query), *const out = y + pair.at(query);
      float sum = 0;
#pragma omp simd reduction(+ : sum)
      for (int64_t d = 0; d < shape.headSize; ++d)
        sum += above[d] * out[d];
      products[query] = sum;
    }
  }

  /// The block of keys from `first` on: its dk and dv, and its part of dq.
  void run(int64_t first, const std::optional<DropoutFactors> &dropout) {
    const int64_t count = std::min(block, shape.sequence - first);
    const int64_t begin = shape.causal ? first : 0; // the first query that sees these keys
    const int64_t queries = shape.sequence - begin;
    const int64_t row = pair.row(), packedRow = pair.packedRow();
    const float *const q = qkv + pair.packed(0, begin), *const above = dy + pair.at(begin);

    transposeBlock(qkv + pair.packed(1, first), packedRow, count, shape.headSize,
                   static_cast<float>(shape.scale), keys);
    transposeBlock(qkv + pair.packed(2, first), packedRow, count, shape.headSize, 1, values);
    smallMatmul(queries, block, shape.headSize, {q, packedRow, 1}, keys, block, probabilities,
                block, /*add=*/false);
    smallMatmul(queries, block, shape.headSize, {above, row, 1}, values, block, slopes, block,
                /*add=*/false);
    for (int64_t i = 0; i < queries; ++i)
      differentiateRow(begin + i, first, count, probabilities + i * block, slopes + i * block,
                       dropout);

    const StridedMatrix p{probabilities, block, 1}, ds{slopes, block, 1};
    smallMatmul(count, shape.headSize, queries, p.transposed(), above, row,
                dqkv + pair.packed(2, first), packedRow, /*add=*/false);
    smallMatmul(count, shape.headSize, queries, ds.transposed(), q, packedRow,
                dqkv + pair.packed(1, first), packedRow, /*add=*/false);
    smallMatmul(queries, shape.headSize, count, ds, qkv + pair.packed(1, first), packedRow,
                dqkv + pair.packed(0, begin), packedRow, /*add=*/first > 0);
  }

private:
  /// From a query's scores p and dy vᵀ, ds: the probabilities as they met the values, and the
  /// gradient of q kᵀ.
  void differentiateRow(int64_t query, int64_t firstKey, int64_t count, float *p, float *ds,
                        const std::optional<DropoutFactors> &dropout) {
    const float sum = lse[pair.rowSum(query)], product = products[query];
    const float scale = static_cast<float>(shape.scale);
    alignas(alignment) float factors[block];
    if (dropout)
      (*dropout)(pair.probability(query) + firstKey, count, factors);
    else
      std::fill_n(factors, block, 1.0f);
    const int64_t seen = shape.causal ? std::min(count, query - firstKey + 1) : count;
#pragma omp simd
    for (int64_t key = 0; key < seen; ++key) {
      const float probability = expOf(p[key] - sum);
      ds[key] = scale * probability * (factors[key] * ds[key] - product);
      p[key] = factors[key] * probability;
    }
    std::fill(p + seen, p + count, 0.0f);
    std::fill(ds + seen, ds + count, 0.0f);
  }

  const Pair &pair;
  const AttentionShape &shape;
  const float *dy, *qkv, *lse;
  float *dqkv;
  Scratch scratch;
  float *keys, *values;          ///< [headSize, block], the keys scaled
  float *probabilities, *slopes; ///< [sequence, block]
  float *products;               ///< [sequence]
};

} // namespace

AttentionGrad::AttentionGrad(const AttentionShape &shape)
    : shape(checked("AttentionGrad", shape)) {}

size_t AttentionGrad::workspaceBytes() const {
  return omp_get_max_threads() * backwardBytes(shape);
}

void AttentionGrad::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("AttentionGrad", workspaceBytes(), planned);
}

void AttentionGrad::operator()(const float *dy, const float *qkv, const float *y,
                               const float *lse, float *dqkv, void *workspace) const {
  (*this)(dy, qkv, y, lse, nullptr, dqkv, workspace);
}

void AttentionGrad::operator()(const float *dy, const float *qkv, const float *y,
                               const float *lse, const int64_t *state, float *dqkv,
                               void *workspace) const {
  const auto dropout = dropoutOf("AttentionGrad", shape, state);
  const int64_t pairs = shape.batch * shape.heads;
#pragma omp parallel for schedule(dynamic)
  for (int64_t index = 0; index < pairs; ++index) {
    const Pair pair(shape, index);
    Backward backward(pair, dy, qkv, y, lse, dqkv, workspace);
    for (int64_t first = 0; first < shape.sequence; first += block)
      backward.run(first, dropout);
  }
}
