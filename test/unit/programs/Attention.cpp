// Loops over heads, queries and keys. See Attention.h.
#include "test/unit/programs/Attention.h"

#include "test/unit/programs/Rearrangement.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>
#include <numbers>

namespace autopar {

using llvm::SmallVector;

//===- element by element -----------------------------------------------------------------===//

Tensor gelu(Tensor x, bool tanh) {
  using std::numbers::pi;
  for (double &v : x.values)
    v = v / 2 *
        (1 + (tanh ? std::tanh(std::sqrt(2 / pi) * (v + 0.044715 * v * v * v))
                   : std::erf(v / std::sqrt(2))));
  return x;
}
static double geluSlope(double x, bool tanh) {
  using std::numbers::pi;
  if (!tanh)
    return (1 + std::erf(x / std::sqrt(2))) / 2 + x * std::exp(-x * x / 2) / std::sqrt(2 * pi);
  double t = std::tanh(std::sqrt(2 / pi) * (x + 0.044715 * x * x * x));
  return (1 + t) / 2 + x / 2 * (1 - t * t) * std::sqrt(2 / pi) * (1 + 3 * 0.044715 * x * x);
}
Tensor geluGrad(Tensor dx, const Tensor &x, bool tanh) {
  for (int64_t i = 0; i < dx.size(); ++i)
    dx[i] *= geluSlope(x[i], tanh);
  return dx;
}

/// Any function of what keys a number would do here, so long as no rank knows more than that.
double Draws::factor(int64_t index) const {
  if (rate == 0)
    return 1;
  auto mixed = static_cast<uint64_t>(index) * 0x9E3779B97F4A7C15ull;
  for (int64_t word :
       {static_cast<int64_t>((*state)[0]), static_cast<int64_t>((*state)[1]), site}) {
    mixed ^= static_cast<uint64_t>(word) + (mixed << 6) + (mixed >> 2);
    mixed *= 0xBF58476D1CE4E5B9ull;
    mixed ^= mixed >> 31;
  }
  return static_cast<double>(mixed >> 11) * 0x1p-53 >= rate ? 1 / (1 - rate) : 0;
}
Tensor dropout(Tensor y, const Draws &draws, const Block &block) {
  for (int64_t i = 0; i < y.size(); ++i) {
    SmallVector<int64_t> index = indexOf(i, y.shape);
    for (auto [at, first] : llvm::zip_equal(index, block.begin))
      at += first;
    y[i] *= draws.factor(offsetOf(index, block.whole));
  }
  return y;
}

//===- attention --------------------------------------------------------------------------===//

namespace {

/// q, k and v, and the probabilities of one head.
struct Heads {
  const Attention &of;
  const Tensor &qkv;

  int64_t positions() const { return qkv.dim(1); }
  int64_t size() const { return qkv.dim(4); }
  SmallVector<int64_t> rows() const { return {qkv.dim(0), qkv.dim(3), positions()}; }
  int64_t at(int64_t b, int64_t t, int64_t which, int64_t h, int64_t d) const {
    return offsetOf({b, t, which, h, d}, qkv.shape);
  }
  /// softmax of query t over keys, before dropout; its denominator's logarithm.
  std::pair<std::vector<double>, double> probabilities(int64_t b, int64_t h, int64_t t) const {
    std::vector<double> p(positions());
    double total = 0;
    for (int64_t s = 0; s < positions(); ++s) {
      double score = 0;
      for (int64_t d = 0; d < size(); ++d)
        score += of.scale * qkv[at(b, t, 0, h, d)] * qkv[at(b, s, 1, h, d)];
      p[s] = of.causal && s > t ? 0 : std::exp(score);
      total += p[s];
    }
    for (double &value : p)
      value /= total;
    return {p, std::log(total)};
  }
  /// What the probability of query t and key s is multiplied by.
  double kept(int64_t b, int64_t h, int64_t t, int64_t s) const {
    const SmallVector<int64_t> &begin = of.block.begin, &whole = of.block.whole;
    return of.dropout.factor(
        (((begin[0] + b) * whole[2] + begin[2] + h) * whole[1] + t) * whole[1] + s);
  }
};

} // namespace

Tensors Attention::forward(const Tensor &qkv) const {
  const Heads heads{*this, qkv};
  Tensor y(Shape{qkv.dim(0), qkv.dim(1), qkv.dim(3), qkv.dim(4)}), lse(heads.rows());
  for (int64_t i = 0; i < lse.size(); ++i) {
    SmallVector<int64_t> index = indexOf(i, lse.shape);
    int64_t b = index[0], h = index[1], t = index[2];
    auto [p, logarithm] = heads.probabilities(b, h, t);
    lse[i] = logarithm;
    for (int64_t s = 0; s < heads.positions(); ++s)
      for (int64_t d = 0; d < heads.size(); ++d)
        y[offsetOf({b, t, h, d}, y.shape)] +=
            p[s] * heads.kept(b, h, t, s) * qkv[heads.at(b, s, 2, h, d)];
  }
  return {y, lse};
}
Tensor Attention::grad(const Tensor &dy, const Tensor &qkv) const {
  const Heads heads{*this, qkv};
  Tensor grad(qkv.shape);
  SmallVector<int64_t> rows = heads.rows();
  for (int64_t i = 0; i < rows[0] * rows[1] * rows[2]; ++i) {
    SmallVector<int64_t> index = indexOf(i, rows);
    int64_t b = index[0], h = index[1], t = index[2];
    std::vector<double> p = heads.probabilities(b, h, t).first, dp(p.size());
    double mean = 0;
    for (int64_t s = 0; s < heads.positions(); ++s) {
      double kept = heads.kept(b, h, t, s);
      for (int64_t d = 0; d < heads.size(); ++d) {
        double dyOfD = dy[offsetOf({b, t, h, d}, dy.shape)];
        dp[s] += kept * dyOfD * qkv[heads.at(b, s, 2, h, d)];
        grad[heads.at(b, s, 2, h, d)] += p[s] * kept * dyOfD;
      }
      mean += p[s] * dp[s];
    }
    for (int64_t s = 0; s < heads.positions(); ++s)
      for (int64_t d = 0; d < heads.size(); ++d) {
        double score = scale * p[s] * (dp[s] - mean);
        grad[heads.at(b, t, 0, h, d)] += score * qkv[heads.at(b, s, 1, h, d)];
        grad[heads.at(b, s, 1, h, d)] += score * qkv[heads.at(b, t, 0, h, d)];
      }
  }
  return grad;
}

} // namespace autopar
