// Reference kernels, loops over elements. See TransformerKernels.h.
#include "TransformerKernels.h"

#include "dialects/graph/Equation.h"
#include "dialects/graph/Graph.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>
#include <numbers>

using namespace mlir;
using namespace autopar::graph;

namespace autopar {

namespace {

using Operands = ArrayRef<const Tensor *>;

/// The rank that an operation runs on.
struct Place {
  const Mesh &mesh;
  int64_t rank;

  /// Where in the whole the rank's part begins; at 0 where the operation knows of no part.
  SmallVector<int64_t> begin(std::optional<dist::PartAttr> part,
                             ArrayRef<int64_t> shape) const {
    if (part)
      return part->begin(mesh, rank);
    return SmallVector<int64_t>(shape.size(), 0);
  }
  static ArrayRef<int64_t> whole(const std::optional<dist::PartAttr> &part,
                                 ArrayRef<int64_t> shape) {
    return part ? part->getWhole() : shape;
  }
};

Tensor like(Value value) { return Tensor(shapeOf(value)); }

/// The index in each dimension of element `i` of a row-major tensor.
SmallVector<int64_t> indexOf(int64_t i, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> index(shape.size());
  for (int64_t dim = shape.size() - 1; dim >= 0; --dim) {
    index[dim] = i % shape[dim];
    i /= shape[dim];
  }
  return index;
}
int64_t offsetOf(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  int64_t offset = 0;
  for (auto [i, size] : llvm::zip_equal(index, shape))
    offset = offset * size + i;
  return offset;
}

//===- einsum -----------------------------------------------------------------------------===//

Tensor run(EinsumOp op, Operands in, Place) {
  Equation equation = llvm::cantFail(Equation::parse(op.getEquation()));
  Tensor result = like(op.getResult());
  std::string letters = equation.letters();
  auto gather = [&](ArrayRef<int64_t> index, StringRef term) {
    return llvm::map_to_vector(term, [&](char letter) { return index[letters.find(letter)]; });
  };
  SmallVector<int64_t> sizes(letters.size());
  for (auto [term, tensor] :
       {std::pair(StringRef(equation.lhs), in[0]), std::pair(StringRef(equation.rhs), in[1])})
    for (auto [letter, size] : llvm::zip_equal(term, tensor->shape))
      sizes[letters.find(letter)] = size;
  for (int64_t i = 0, end = ShapedType::getNumElements(sizes); i < end; ++i) {
    SmallVector<int64_t> index = indexOf(i, sizes);
    result[offsetOf(gather(index, equation.result), result.shape)] +=
        (*in[0])[offsetOf(gather(index, equation.lhs), in[0]->shape)] *
        (*in[1])[offsetOf(gather(index, equation.rhs), in[1]->shape)];
  }
  return result;
}

//===- layer norm, gelu -------------------------------------------------------------------===//

Tensors run(LayerNormOp op, Operands in, Place) {
  Tensor y = *in[0], mean = like(op.getMean()), rstd = like(op.getRstd());
  int64_t channels = in[1]->size();
  double epsilon = op.getEpsilon().convertToDouble();
  for (int64_t row = 0; row < mean.size(); ++row) {
    double *x = &y[row * channels];
    double sum = 0, squares = 0;
    for (int64_t c = 0; c < channels; ++c)
      sum += x[c];
    mean[row] = sum / static_cast<double>(channels);
    for (int64_t c = 0; c < channels; ++c)
      squares += (x[c] - mean[row]) * (x[c] - mean[row]);
    rstd[row] = 1 / std::sqrt(squares / static_cast<double>(channels) + epsilon);
    for (int64_t c = 0; c < channels; ++c)
      x[c] = (x[c] - mean[row]) * rstd[row] * (*in[1])[c] + (*in[2])[c];
  }
  return {y, mean, rstd};
}
Tensor run(LayerNormGradInputOp op, Operands in, Place) {
  const Tensor &dy = *in[0], &x = *in[1], &gamma = *in[2], &mean = *in[3], &rstd = *in[4];
  Tensor dx = like(op.getInputGrad());
  int64_t channels = gamma.size();
  for (int64_t row = 0; row < mean.size(); ++row) {
    double sum = 0, products = 0;
    auto normalized = [&](int64_t i) { return (x[i] - mean[row]) * rstd[row]; };
    for (int64_t c = 0, i = row * channels; c < channels; ++c, ++i) {
      sum += dy[i] * gamma[c];
      products += dy[i] * gamma[c] * normalized(i);
    }
    for (int64_t c = 0, i = row * channels; c < channels; ++c, ++i)
      dx[i] = rstd[row] * (dy[i] * gamma[c] -
                           (sum + normalized(i) * products) / static_cast<double>(channels));
  }
  return dx;
}
Tensors run(LayerNormGradParametersOp op, Operands in, Place) {
  const Tensor &dy = *in[0], &x = *in[1], &mean = *in[2], &rstd = *in[3];
  Tensor gamma = like(op.getGammaGrad()), beta = like(op.getBetaGrad());
  for (int64_t i = 0; i < dy.size(); ++i) {
    int64_t row = i / gamma.size(), c = i % gamma.size();
    gamma[c] += dy[i] * (x[i] - mean[row]) * rstd[row];
    beta[c] += dy[i];
  }
  return {gamma, beta};
}

double gelu(double x, bool tanh) {
  using std::numbers::pi;
  if (tanh)
    return x / 2 * (1 + std::tanh(std::sqrt(2 / pi) * (x + 0.044715 * x * x * x)));
  return x / 2 * (1 + std::erf(x / std::sqrt(2)));
}
double geluSlope(double x, bool tanh) {
  using std::numbers::pi;
  if (!tanh)
    return (1 + std::erf(x / std::sqrt(2))) / 2 + x * std::exp(-x * x / 2) / std::sqrt(2 * pi);
  double t = std::tanh(std::sqrt(2 / pi) * (x + 0.044715 * x * x * x));
  return (1 + t) / 2 + x / 2 * (1 - t * t) * std::sqrt(2 / pi) * (1 + 3 * 0.044715 * x * x);
}
Tensor run(GeluOp op, Operands in, Place) {
  Tensor y = *in[0];
  for (double &value : y.values)
    value = gelu(value, op.getApproximate() == "tanh");
  return y;
}
Tensor run(GeluGradOp op, Operands in, Place) {
  Tensor dx = *in[0];
  for (int64_t i = 0; i < dx.size(); ++i)
    dx[i] *= geluSlope((*in[1])[i], op.getApproximate() == "tanh");
  return dx;
}
/// Of a number in double precision nothing is lost.
Tensor run(CastOp, Operands in, Place) { return *in[0]; }
Tensor run(ScaleOp op, Operands in, Place) {
  Tensor y = *in[0];
  for (double &value : y.values)
    value *= op.getFactor().convertToDouble();
  return y;
}

//===- embedding --------------------------------------------------------------------------===//

/// Calls visit(offset in rows [.., C], offset in the table) for each element of a token that
/// the rank's part of the table holds.
void forEachRow(std::optional<dist::PartAttr> part, const Tensor &tokens,
                ArrayRef<int64_t> table, Place place,
                llvm::function_ref<void(int64_t, int64_t)> visit) {
  int64_t first = place.begin(part, table)[0], channels = table[1];
  for (int64_t row = 0; row < tokens.size(); ++row) {
    int64_t local = static_cast<int64_t>(tokens[row]) - first;
    for (int64_t c = 0; c < channels && local >= 0 && local < table[0]; ++c)
      visit(row * channels + c, local * channels + c);
  }
}
Tensor run(EmbeddingOp op, Operands in, Place place) {
  Tensor y = like(op.getOutput());
  forEachRow(op.getPart(), *in[0], in[1]->shape, place,
             [&](int64_t row, int64_t entry) { y[row] = (*in[1])[entry]; });
  return y;
}
Tensor run(EmbeddingGradOp op, Operands in, Place place) {
  Tensor table = like(op.getTableGrad());
  forEachRow(op.getPart(), *in[0], table.shape, place,
             [&](int64_t row, int64_t entry) { table[entry] += (*in[1])[row]; });
  return table;
}

//===- random numbers ---------------------------------------------------------------------===//

/// Whether an element is kept: any function of what keys it would do here, so long as no rank
/// knows more than that.
bool isKept(double rate, const Tensor &state, int64_t site, int64_t index) {
  auto mixed = static_cast<uint64_t>(index) * 0x9E3779B97F4A7C15ull;
  for (int64_t word : {static_cast<int64_t>(state[0]), static_cast<int64_t>(state[1]), site}) {
    mixed ^= static_cast<uint64_t>(word) + (mixed << 6) + (mixed >> 2);
    mixed *= 0xBF58476D1CE4E5B9ull;
    mixed ^= mixed >> 31;
  }
  return static_cast<double>(mixed >> 11) * 0x1p-53 >= rate;
}
Tensor run(RandomDropoutOp op, Operands in, Place place) {
  Tensor y = *in[0];
  double rate = op.getRate().convertToDouble();
  SmallVector<int64_t> begin = place.begin(op.getPart(), y.shape);
  for (int64_t i = 0; i < y.size(); ++i) {
    SmallVector<int64_t> index = indexOf(i, y.shape);
    for (auto [at, first] : llvm::zip_equal(index, begin))
      at += first;
    int64_t global = offsetOf(index, Place::whole(op.getPart(), y.shape));
    y[i] *= isKept(rate, *in[1], op.getSite(), global) ? 1 / (1 - rate) : 0;
  }
  return y;
}

//===- attention --------------------------------------------------------------------------===//

/// q, k and v of [B, T, 3, H, D], and the probabilities of one head.
struct Heads {
  const Tensor &qkv;
  bool causal;
  double scale, dropout;
  const Tensor *state;
  int64_t site;
  SmallVector<int64_t> begin, whole; ///< Of y [B, T, H, D].

  int64_t positions() const { return qkv.dim(1); }
  int64_t size() const { return qkv.dim(4); }
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
        score += scale * qkv[at(b, t, 0, h, d)] * qkv[at(b, s, 1, h, d)];
      p[s] = causal && s > t ? 0 : std::exp(score);
      total += p[s];
    }
    for (double &value : p)
      value /= total;
    return {p, std::log(total)};
  }
  /// What the probability of query t and key s is multiplied by.
  double kept(int64_t b, int64_t h, int64_t t, int64_t s) const {
    if (dropout == 0)
      return 1;
    int64_t index = (((begin[0] + b) * whole[2] + begin[2] + h) * whole[1] + t) * whole[1] + s;
    return isKept(dropout, *state, site, index) ? 1 / (1 - dropout) : 0;
  }
};
template <typename Op>
Heads headsOf(Op op, const Tensor &qkv, const Tensor *state, Place place) {
  SmallVector<int64_t> y = {qkv.dim(0), qkv.dim(1), qkv.dim(3), qkv.dim(4)};
  return {qkv,
          op.getCausal(),
          op.getScaleOrDefault(),
          op.getDropout().convertToDouble(),
          state,
          static_cast<int64_t>(op.getSite()),
          place.begin(op.getPart(), y),
          SmallVector<int64_t>(Place::whole(op.getPart(), y))};
}

Tensors run(AttentionOp op, Operands in, Place place) {
  Heads heads = headsOf(op, *in[0], op.getState() ? in[1] : nullptr, place);
  Tensor y = like(op.getOutput()), lse = like(op.getLse());
  for (int64_t i = 0; i < lse.size(); ++i) {
    SmallVector<int64_t> index = indexOf(i, lse.shape);
    int64_t b = index[0], h = index[1], t = index[2];
    auto [p, logarithm] = heads.probabilities(b, h, t);
    lse[i] = logarithm;
    for (int64_t s = 0; s < heads.positions(); ++s)
      for (int64_t d = 0; d < heads.size(); ++d)
        y[offsetOf({b, t, h, d}, y.shape)] +=
            p[s] * heads.kept(b, h, t, s) * heads.qkv[heads.at(b, s, 2, h, d)];
  }
  return {y, lse};
}
Tensor run(AttentionGradOp op, Operands in, Place place) {
  const Tensor &dy = *in[0], &lse = *in[3];
  Heads heads = headsOf(op, *in[1], op.getState() ? in[4] : nullptr, place);
  Tensor grad = like(op.getQkvGrad());
  for (int64_t i = 0; i < lse.size(); ++i) {
    SmallVector<int64_t> index = indexOf(i, lse.shape);
    int64_t b = index[0], h = index[1], t = index[2];
    std::vector<double> p = heads.probabilities(b, h, t).first, dp(p.size());
    double mean = 0;
    for (int64_t s = 0; s < heads.positions(); ++s) {
      double kept = heads.kept(b, h, t, s);
      for (int64_t d = 0; d < heads.size(); ++d) {
        double dyOfD = dy[offsetOf({b, t, h, d}, dy.shape)];
        dp[s] += kept * dyOfD * heads.qkv[heads.at(b, s, 2, h, d)];
        grad[heads.at(b, s, 2, h, d)] += p[s] * kept * dyOfD;
      }
      mean += p[s] * dp[s];
    }
    for (int64_t s = 0; s < heads.positions(); ++s)
      for (int64_t d = 0; d < heads.size(); ++d) {
        double score = heads.scale * p[s] * (dp[s] - mean);
        grad[heads.at(b, t, 0, h, d)] += score * heads.qkv[heads.at(b, s, 1, h, d)];
        grad[heads.at(b, s, 1, h, d)] += score * heads.qkv[heads.at(b, t, 0, h, d)];
      }
  }
  return grad;
}

Tensor run(SoftmaxOp op, Operands in, Place) {
  Tensor y = *in[0];
  int64_t columns = y.shape.back();
  for (int64_t row = 0; row < y.size() / columns; ++row) {
    double total = 0;
    for (int64_t c = 0; c < columns; ++c) {
      double &value = y[row * columns + c];
      bool seen = !op.getCausal() || c <= row % y.shape[y.shape.size() - 2];
      value = seen ? std::exp(value) : 0;
      total += value;
    }
    for (int64_t c = 0; c < columns; ++c)
      y[row * columns + c] /= total;
  }
  return y;
}
Tensor run(SoftmaxGradOp, Operands in, Place) {
  Tensor dx = *in[0];
  const Tensor &y = *in[1];
  int64_t columns = y.shape.back();
  for (int64_t first = 0; first < y.size(); first += columns) {
    double mean = 0;
    for (int64_t i = first; i < first + columns; ++i)
      mean += dx[i] * y[i];
    for (int64_t i = first; i < first + columns; ++i)
      dx[i] = y[i] * (dx[i] - mean);
  }
  return dx;
}

//===- arrangement ------------------------------------------------------------------------===//

Tensor run(ReshapeOp op, Operands in, Place) {
  Tensor y = *in[0];
  y.shape = SmallVector<int64_t>(shapeOf(op.getOutput()));
  return y;
}
Tensor run(TransposeOp op, Operands in, Place) {
  Tensor y = like(op.getOutput());
  for (int64_t i = 0; i < y.size(); ++i) {
    SmallVector<int64_t> to = indexOf(i, y.shape), from(to.size());
    for (auto [dim, source] : llvm::enumerate(op.getPermutation()))
      from[source] = to[dim];
    y[i] = (*in[0])[offsetOf(from, in[0]->shape)];
  }
  return y;
}
/// Calls visit(offset in the short tensor, offset in the long one), whose dimension `dim` has
/// the short one's from `begin` on.
void forEachWithin(ArrayRef<int64_t> within, ArrayRef<int64_t> whole, int64_t dim,
                   int64_t begin, llvm::function_ref<void(int64_t, int64_t)> visit) {
  for (int64_t i = 0; i < ShapedType::getNumElements(within); ++i) {
    SmallVector<int64_t> index = indexOf(i, within);
    index[dim] += begin;
    visit(i, offsetOf(index, whole));
  }
}
Tensor run(graph::SliceOp op, Operands in, Place) {
  Tensor y = like(op.getOutput());
  forEachWithin(y.shape, in[0]->shape, op.getDim(), op.getBegin(),
                [&](int64_t part, int64_t whole) { y[part] = (*in[0])[whole]; });
  return y;
}
Tensor run(PadOp op, Operands in, Place) {
  Tensor y = like(op.getOutput());
  forEachWithin(in[0]->shape, y.shape, op.getDim(), op.getBegin(),
                [&](int64_t part, int64_t whole) { y[whole] = (*in[0])[part]; });
  return y;
}
Tensor run(ConcatOp op, Operands in, Place) {
  Tensor y = like(op.getOutput());
  int64_t begin = 0;
  for (const Tensor *input : in) {
    forEachWithin(input->shape, y.shape, op.getDim(), begin,
                  [&](int64_t part, int64_t whole) { y[whole] = (*input)[part]; });
    begin += input->shape[op.getDim()];
  }
  return y;
}

//===- loss -------------------------------------------------------------------------------===//

/// Calls visit(row, offset, class in the whole vocabulary) for each valid logit.
template <typename Op>
void forEachValid(Op op, const Tensor &logits, Place place,
                  llvm::function_ref<void(int64_t, int64_t, int64_t)> visit) {
  int64_t classes = logits.shape.back(), first = place.begin(op.getPart(), logits.shape).back();
  for (int64_t i = 0; i < logits.size(); ++i)
    if (int64_t k = first + i % classes; k < static_cast<int64_t>(op.getValid()))
      visit(i / classes, i, k);
}
Tensor run(VocabularySumsOp op, Operands in, Place place) {
  Tensor sums = like(op.getSums());
  forEachValid(op, *in[0], place, [&](int64_t row, int64_t i, int64_t k) {
    sums[2 * row] += std::exp((*in[0])[i]);
    if (static_cast<double>(k) == (*in[1])[row])
      sums[2 * row + 1] = (*in[0])[i];
  });
  return sums;
}
Tensor run(CrossEntropyOfSumsOp op, Operands in, Place) {
  Tensor loss = like(op.getLoss());
  for (int64_t row = 0; row < in[1]->size(); ++row)
    if ((*in[1])[row] >= 0)
      loss[0] += (std::log((*in[0])[2 * row]) - (*in[0])[2 * row + 1]) /
                 static_cast<double>(op.getCount());
  return loss;
}
Tensor run(CrossEntropyOfSumsGradOp op, Operands in, Place place) {
  Tensor grad = like(op.getLogitsGrad());
  forEachValid(op, *in[0], place, [&](int64_t row, int64_t i, int64_t k) {
    double label = (*in[1])[row];
    if (label >= 0)
      grad[i] = (std::exp((*in[0])[i]) / (*in[2])[2 * row] -
                 (static_cast<double>(k) == label ? 1 : 0)) /
                static_cast<double>(op.getCount());
  });
  return grad;
}

//===- update -----------------------------------------------------------------------------===//

Tensors run(AdamWOp op, Operands in, Place) {
  Tensor parameter = *in[0], first = *in[4], second = *in[5];
  double beta1 = op.getBeta1().convertToDouble(), beta2 = op.getBeta2().convertToDouble();
  double rate = (*in[2])[0], step = (*in[3])[1] + 1, factor = op.getFactor() ? (*in[6])[0] : 1;
  for (int64_t i = 0; i < parameter.size(); ++i) {
    double gradient = factor * (*in[1])[i];
    first[i] = beta1 * first[i] + (1 - beta1) * gradient;
    second[i] = beta2 * second[i] + (1 - beta2) * gradient * gradient;
    double mean = first[i] / (1 - std::pow(beta1, step));
    double variance = second[i] / (1 - std::pow(beta2, step));
    parameter[i] *= 1 - rate * op.getWeightDecay().convertToDouble();
    parameter[i] -= rate * mean / (std::sqrt(variance) + op.getEpsilon().convertToDouble());
  }
  return {parameter, first, second};
}
Tensor run(SquareSumOp op, Operands in, Place) {
  Tensor sum = like(op.getSum());
  for (double value : in[0]->values)
    sum[0] += value * value;
  return sum;
}
Tensor run(AddScalarsOp, Operands in, Place) {
  Tensors all;
  for (const Tensor *one : in)
    all.push_back(*one);
  return sum(all);
}
Tensor run(ClipFactorOp op, Operands in, Place) {
  Tensor factor = *in[0];
  factor[0] = std::min(1.0, op.getMaximum().convertToDouble() / (std::sqrt(factor[0]) + 1e-6));
  return factor;
}

Tensors list(Tensor one) { return {std::move(one)}; }
Tensors list(Tensors all) { return all; }

} // namespace

std::optional<Tensors> computeTransformer(Operation *op, Operands operands, const Mesh &mesh,
                                          int64_t rank) {
  Place place{mesh, rank};
  return llvm::TypeSwitch<Operation *, std::optional<Tensors>>(op)
      .Case<EinsumOp, LayerNormOp, LayerNormGradInputOp, LayerNormGradParametersOp, GeluOp,
            GeluGradOp, CastOp, ScaleOp, EmbeddingOp, EmbeddingGradOp, RandomDropoutOp,
            AttentionOp, AttentionGradOp, SoftmaxOp, SoftmaxGradOp, ReshapeOp, TransposeOp,
            graph::SliceOp, PadOp, ConcatOp, VocabularySumsOp, CrossEntropyOfSumsOp,
            CrossEntropyOfSumsGradOp, AdamWOp, SquareSumOp, AddScalarsOp, ClipFactorOp>(
          [&](auto known) { return list(run(known, operands, place)); })
      .Default(std::nullopt);
}

} // namespace autopar
