// Reference kernels, loops over elements. See Kernels.h.
#include "Kernels.h"

#include "TransformerKernels.h"
#include "dialects/graph/Graph.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace autopar::graph;

namespace autopar {

namespace {

using Operands = ArrayRef<const Tensor *>;

Tensor like(Value value) { return Tensor(graph::shapeOf(value)); }
Tensor reshaped(Value result, const Tensor &tensor) {
  Tensor same = tensor;
  same.shape = llvm::SmallVector<int64_t>(graph::shapeOf(result));
  return same;
}

//===- products ---------------------------------------------------------------------------===//

/// Calls visit(x, w, y) with the offsets of each product y[n,p,q,k] += x[n,h,w,c] w[k,c,i,j].
template <typename Op>
void forEachProduct(Op op, ArrayRef<int64_t> x, ArrayRef<int64_t> w, ArrayRef<int64_t> y,
                    llvm::function_ref<void(int64_t, int64_t, int64_t)> visit) {
  int64_t channels = w[1], filters = w[0] / static_cast<int64_t>(op.getGroups());
  for (int64_t n = 0; n < y[0]; ++n)
    for (int64_t p = 0; p < y[1]; ++p)
      for (int64_t q = 0; q < y[2]; ++q)
        for (int64_t i = 0; i < w[2]; ++i)
          for (int64_t j = 0; j < w[3]; ++j) {
            int64_t row =
                p * op.getStrides()[0] - op.getPadding()[0] + i * op.getDilations()[0];
            int64_t col =
                q * op.getStrides()[1] - op.getPadding()[1] + j * op.getDilations()[1];
            if (row < 0 || row >= x[1] || col < 0 || col >= x[2])
              continue;
            for (int64_t k = 0; k < w[0]; ++k)
              for (int64_t c = 0; c < channels; ++c)
                visit(((n * x[1] + row) * x[2] + col) * x[3] + k / filters * channels + c,
                      ((k * channels + c) * w[2] + i) * w[3] + j,
                      ((n * y[1] + p) * y[2] + q) * y[3] + k);
          }
}

Tensor run(Conv2dOp op, Operands in) {
  Tensor y = like(op.getOutput());
  const Tensor &x = *in[0], &w = *in[1];
  forEachProduct(op, x.shape, w.shape, y.shape,
                 [&](int64_t a, int64_t b, int64_t c) { y[c] += x[a] * w[b]; });
  return y;
}
Tensor run(Conv2dInputGradOp op, Operands in) {
  Tensor dx = like(op.getInputGrad());
  const Tensor &dy = *in[0], &w = *in[1];
  forEachProduct(op, dx.shape, w.shape, dy.shape,
                 [&](int64_t a, int64_t b, int64_t c) { dx[a] += dy[c] * w[b]; });
  return dx;
}
Tensor run(Conv2dWeightGradOp op, Operands in) {
  Tensor dw = like(op.getWeightGrad());
  const Tensor &x = *in[0], &dy = *in[1];
  forEachProduct(op, x.shape, dw.shape, dy.shape,
                 [&](int64_t a, int64_t b, int64_t c) { dw[b] += x[a] * dy[c]; });
  return dw;
}

/// The same for y[n,o] += x[n,i] w[o,i].
void forEachProduct(int64_t rows, int64_t outputs, int64_t inputs,
                    llvm::function_ref<void(int64_t, int64_t, int64_t)> visit) {
  for (int64_t n = 0; n < rows; ++n)
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t i = 0; i < inputs; ++i)
        visit(n * inputs + i, o * inputs + i, n * outputs + o);
}

Tensor run(LinearOp op, Operands in) {
  Tensor y = like(op.getOutput());
  const Tensor &x = *in[0], &w = *in[1];
  forEachProduct(x.dim(0), w.dim(0), w.dim(1),
                 [&](int64_t a, int64_t b, int64_t c) { y[c] += x[a] * w[b]; });
  return y;
}
Tensor run(LinearInputGradOp op, Operands in) {
  Tensor dx = like(op.getInputGrad());
  const Tensor &dy = *in[0], &w = *in[1];
  forEachProduct(dy.dim(0), w.dim(0), w.dim(1),
                 [&](int64_t a, int64_t b, int64_t c) { dx[a] += dy[c] * w[b]; });
  return dx;
}
Tensor run(LinearWeightGradOp op, Operands in) {
  Tensor dw = like(op.getWeightGrad());
  const Tensor &x = *in[0], &dy = *in[1];
  forEachProduct(dy.dim(0), dw.dim(0), dw.dim(1),
                 [&](int64_t a, int64_t b, int64_t c) { dw[b] += x[a] * dy[c]; });
  return dw;
}
Tensor run(BiasAddOp, Operands in) {
  Tensor y = *in[0];
  for (int64_t i = 0; i < y.size(); ++i)
    y[i] += (*in[1])[i % in[1]->size()];
  return y;
}
Tensor run(BiasGradOp op, Operands in) {
  Tensor db = like(op.getBiasGrad());
  for (int64_t i = 0; i < in[0]->size(); ++i)
    db[i % db.size()] += (*in[0])[i];
  return db;
}

//===- batch norm -------------------------------------------------------------------------===//

/// Mean and deviation of each channel, from sums [2, C] over `count` values.
struct Moments {
  const Tensor &stats;
  double count, epsilon;
  double mean(int64_t c) const { return stats[c] / count; }
  double variance(int64_t c) const {
    return stats[stats.dim(1) + c] / count - mean(c) * mean(c);
  }
  double normalized(double x, int64_t c) const { return (x - mean(c)) * scale(c); }
  double scale(int64_t c) const { return 1 / std::sqrt(variance(c) + epsilon); }
};
template <typename Op> Moments moments(Op op, const Tensor &stats) {
  return {stats, static_cast<double>(op.getCount()), op.getEpsilon().convertToDouble()};
}

Tensor run(BatchNormStatsOp op, Operands in) {
  Tensor stats = like(op.getStats());
  int64_t channels = stats.dim(1);
  for (int64_t i = 0; i < in[0]->size(); ++i) {
    double x = (*in[0])[i];
    stats[i % channels] += x;
    stats[channels + i % channels] += x * x;
  }
  return stats;
}
Tensor finish(Tensor y, const Tensor *residual, bool relu) {
  for (int64_t i = 0; i < y.size(); ++i) {
    if (residual)
      y[i] += (*residual)[i];
    if (relu)
      y[i] = std::max(y[i], 0.0);
  }
  return y;
}
Tensor run(BatchNormApplyOp op, Operands in) {
  Moments of = moments(op, *in[1]);
  Tensor y = *in[0];
  for (int64_t i = 0; i < y.size(); ++i) {
    int64_t c = i % y.dim(3);
    y[i] = (*in[2])[c] * of.normalized(y[i], c) + (*in[3])[c];
  }
  return finish(y, op.getResidual() ? in[4] : nullptr, op.getRelu());
}
Tensor run(BatchNormInferenceOp op, Operands in) {
  Tensor y = *in[0];
  double epsilon = op.getEpsilon().convertToDouble();
  for (int64_t i = 0; i < y.size(); ++i) {
    int64_t c = i % y.dim(3);
    y[i] = (*in[1])[c] * (y[i] - (*in[3])[c]) / std::sqrt((*in[4])[c] + epsilon) + (*in[2])[c];
  }
  return finish(y, op.getResidual() ? in[5] : nullptr, op.getRelu());
}
Tensor masked(const Tensor &dy, const Tensor *mask) {
  Tensor dz = dy;
  for (int64_t i = 0; mask && i < dz.size(); ++i)
    dz[i] = (*mask)[i] > 0 ? dz[i] : 0;
  return dz;
}
Tensor run(BatchNormGradSumsOp op, Operands in) {
  Moments of = moments(op, *in[1]);
  Tensor sums = like(op.getSums()), dz = masked(*in[2], op.getMask() ? in[3] : nullptr);
  int64_t channels = sums.dim(1);
  for (int64_t i = 0; i < dz.size(); ++i) {
    int64_t c = i % channels;
    sums[c] += dz[i];
    sums[channels + c] += dz[i] * of.normalized((*in[0])[i], c);
  }
  return sums;
}
Tensor run(BatchNormGradInputOp op, Operands in) {
  Moments of = moments(op, *in[1]);
  const Tensor &x = *in[0], &gamma = *in[2], &sums = *in[3];
  Tensor dx = masked(*in[4], op.getMask() ? in[5] : nullptr);
  int64_t channels = sums.dim(1);
  for (int64_t i = 0; i < dx.size(); ++i) {
    int64_t c = i % channels;
    double meanGrad = sums[c] / of.count, meanProduct = sums[channels + c] / of.count;
    dx[i] = gamma[c] * of.scale(c) * (dx[i] - meanGrad - of.normalized(x[i], c) * meanProduct);
  }
  return dx;
}
Tensors run(BatchNormGradParametersOp, Operands in) {
  Tensor beta = part(*in[0], 0, 0, 2), gamma = part(*in[0], 0, 1, 2);
  gamma.shape = beta.shape = {in[0]->dim(1)};
  return {gamma, beta};
}
Tensors run(BatchNormRunningOp op, Operands in) {
  Moments of{*in[0], static_cast<double>(op.getCount()), 0};
  Tensor mean = *in[1], variance = *in[2];
  double momentum = op.getMomentum().convertToDouble(), unbiased = of.count / (of.count - 1);
  for (int64_t c = 0; c < mean.size(); ++c) {
    mean[c] += momentum * (of.mean(c) - mean[c]);
    variance[c] += momentum * (of.variance(c) * unbiased - variance[c]);
  }
  return {mean, variance};
}

//===- pools ------------------------------------------------------------------------------===//

/// Calls visit(window element, place in the window) with offsets into the image for each output
/// element; padding is left out.
template <typename Op>
void forEachWindow(
    Op op, ArrayRef<int64_t> x, ArrayRef<int64_t> y,
    llvm::function_ref<void(int64_t, ArrayRef<std::pair<int64_t, int64_t>>)> visit) {
  for (int64_t out = 0, end = y[0] * y[1] * y[2] * y[3]; out < end; ++out) {
    int64_t c = out % y[3], q = out / y[3] % y[2], p = out / y[3] / y[2] % y[1];
    int64_t n = out / y[3] / y[2] / y[1];
    SmallVector<std::pair<int64_t, int64_t>> window;
    for (int64_t i = 0; i < op.getKernel()[0]; ++i)
      for (int64_t j = 0; j < op.getKernel()[1]; ++j) {
        int64_t row = p * op.getStrides()[0] - op.getPadding()[0] + i;
        int64_t col = q * op.getStrides()[1] - op.getPadding()[1] + j;
        if (row >= 0 && row < x[1] && col >= 0 && col < x[2])
          window.emplace_back(((n * x[1] + row) * x[2] + col) * x[3] + c,
                              i * op.getKernel()[1] + j);
      }
    visit(out, window);
  }
}

Tensors run(MaxPoolOp op, Operands in) {
  Tensor y = like(op.getOutput()), indices = y;
  forEachWindow(op, in[0]->shape, y.shape, [&](int64_t out, auto window) {
    auto largest = window.front();
    for (auto element : window)
      if ((*in[0])[element.first] > (*in[0])[largest.first])
        largest = element;
    y[out] = (*in[0])[largest.first];
    indices[out] = static_cast<double>(largest.second);
  });
  return {y, indices};
}
Tensor run(MaxPoolGradOp op, Operands in) {
  Tensor dx = like(op.getInputGrad());
  forEachWindow(op, dx.shape, in[0]->shape, [&](int64_t out, auto window) {
    for (auto [at, place] : window)
      if (static_cast<double>(place) == (*in[1])[out])
        dx[at] += (*in[0])[out];
  });
  return dx;
}
template <typename Op> double divisor(Op op, size_t inside) {
  return op.getCountIncludePad() ? op.getKernel()[0] * op.getKernel()[1] : inside;
}
Tensor run(AvgPoolOp op, Operands in) {
  Tensor y = like(op.getOutput());
  forEachWindow(op, in[0]->shape, y.shape, [&](int64_t out, auto window) {
    for (auto [at, place] : window)
      y[out] += (*in[0])[at] / divisor(op, window.size());
  });
  return y;
}
Tensor run(AvgPoolGradOp op, Operands in) {
  Tensor dx = like(op.getInputGrad());
  forEachWindow(op, dx.shape, in[0]->shape, [&](int64_t out, auto window) {
    for (auto [at, place] : window)
      dx[at] += (*in[0])[out] / divisor(op, window.size());
  });
  return dx;
}
/// Where element `i` of an image [N, H, W, C] stands in [N, C].
int64_t channelOf(int64_t i, ArrayRef<int64_t> image) {
  return i / (image[1] * image[2] * image[3]) * image[3] + i % image[3];
}
Tensor run(GlobalAvgPoolOp op, Operands in) {
  Tensor y = like(op.getOutput());
  const Tensor &x = *in[0];
  for (int64_t i = 0; i < x.size(); ++i)
    y[channelOf(i, x.shape)] += x[i] / static_cast<double>(x.dim(1) * x.dim(2));
  return y;
}
Tensor run(GlobalAvgPoolGradOp op, Operands in) {
  Tensor dx = like(op.getInputGrad());
  for (int64_t i = 0; i < dx.size(); ++i)
    dx[i] = (*in[0])[channelOf(i, dx.shape)] / static_cast<double>(dx.dim(1) * dx.dim(2));
  return dx;
}
Tensor run(FlattenOp op, Operands in) { return reshaped(op.getOutput(), *in[0]); }
Tensor run(UnflattenOp op, Operands in) { return reshaped(op.getInputGrad(), *in[0]); }

//===- elementwise ------------------------------------------------------------------------===//

Tensor run(ReluOp, Operands in) { return finish(*in[0], nullptr, true); }
Tensor run(ReluGradOp, Operands in) { return masked(*in[0], in[1]); }
Tensor run(AddOp, Operands in) { return sum({*in[0], *in[1]}); }
Tensor run(AccumulateOp, Operands in) { return sum({*in[0], *in[1]}); }

//===- loss -------------------------------------------------------------------------------===//

/// Calls visit(offset, probability, target) for each logit of each row that counts.
template <typename Op>
void forEachLogit(Op op, Operands in, llvm::function_ref<void(int64_t, double, double)> visit) {
  const Tensor &logits = *in[0], &labels = *in[1];
  int64_t classes = logits.dim(1);
  double smoothing = op.getLabelSmoothing().convertToDouble();
  for (int64_t n = 0; n < logits.dim(0); ++n) {
    if (labels[n] < 0)
      continue;
    double total = 0;
    for (int64_t k = 0; k < classes; ++k)
      total += std::exp(logits[n * classes + k]);
    for (int64_t k = 0; k < classes; ++k)
      visit(n * classes + k, std::exp(logits[n * classes + k]) / total,
            (static_cast<double>(k) == labels[n] ? 1 - smoothing : 0) +
                smoothing / static_cast<double>(classes));
  }
}
Tensor run(SoftmaxCrossEntropyOp op, Operands in) {
  Tensor loss = like(op.getLoss());
  forEachLogit(op, in, [&](int64_t, double probability, double target) {
    loss[0] -= target * std::log(probability) / static_cast<double>(op.getCount());
  });
  return loss;
}
Tensor run(SoftmaxCrossEntropyGradOp op, Operands in) {
  Tensor grad = like(op.getLogitsGrad());
  forEachLogit(op, in, [&](int64_t at, double probability, double target) {
    grad[at] = (probability - target) / static_cast<double>(op.getCount());
  });
  return grad;
}
Tensor run(CountCorrectOp op, Operands in) {
  Tensor correct = like(op.getCorrect());
  int64_t classes = in[0]->dim(1);
  for (int64_t n = 0; n < in[0]->dim(0); ++n) {
    auto row = in[0]->values.begin() + n * classes;
    correct[0] +=
        static_cast<double>(std::max_element(row, row + classes) - row) == (*in[1])[n];
  }
  return correct;
}

//===- update -----------------------------------------------------------------------------===//

Tensors run(SgdOp op, Operands in) {
  Tensors results{*in[0]};
  Tensor &parameter = results[0];
  double momentum = op.getMomentum().convertToDouble();
  double dampening = op.getDampening().convertToDouble();
  double decay = op.getWeightDecay().convertToDouble(), rate = (*in[2])[0];
  Tensor velocity = op.getVelocity() ? *in[3] : Tensor();
  for (int64_t i = 0; i < parameter.size(); ++i) {
    double step = (*in[1])[i] + decay * parameter[i];
    if (op.getVelocity()) {
      velocity[i] = momentum * velocity[i] + (1 - dampening) * step;
      step = op.getNesterov() ? step + momentum * velocity[i] : velocity[i];
    }
    parameter[i] -= rate * step;
  }
  if (op.getVelocity())
    results.push_back(velocity);
  return results;
}

Tensors list(Tensor one) { return {std::move(one)}; }
Tensors list(Tensors all) { return all; }

} // namespace

Tensors compute(Operation *op, Operands operands, const Mesh &mesh, int64_t rank) {
  if (std::optional<Tensors> results = computeTransformer(op, operands, mesh, rank))
    return std::move(*results);
  return llvm::TypeSwitch<Operation *, Tensors>(op)
      .Case<Conv2dOp, Conv2dInputGradOp, Conv2dWeightGradOp, LinearOp, LinearInputGradOp,
            LinearWeightGradOp, BiasAddOp, BiasGradOp, BatchNormStatsOp, BatchNormApplyOp,
            BatchNormInferenceOp, BatchNormGradSumsOp, BatchNormGradInputOp,
            BatchNormGradParametersOp, BatchNormRunningOp, MaxPoolOp, MaxPoolGradOp, AvgPoolOp,
            AvgPoolGradOp, GlobalAvgPoolOp, GlobalAvgPoolGradOp, FlattenOp, UnflattenOp, ReluOp,
            ReluGradOp, AddOp, AccumulateOp, SoftmaxCrossEntropyOp, SoftmaxCrossEntropyGradOp,
            CountCorrectOp, SgdOp>([&](auto known) { return list(run(known, operands)); });
}

} // namespace autopar
