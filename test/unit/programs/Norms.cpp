// Sums over rows and over columns. See Norms.h.
#include "test/unit/programs/Norms.h"

#include <algorithm>
#include <cmath>

namespace autopar {

Tensor relu(Tensor x) {
  for (double &value : x.values)
    value = std::max(value, 0.0);
  return x;
}
Tensor reluGrad(Tensor dy, const Tensor &mask) {
  for (int64_t i = 0; i < dy.size(); ++i)
    dy[i] = mask[i] > 0 ? dy[i] : 0;
  return dy;
}

//===- batch norm -------------------------------------------------------------------------===//

Tensor batchStats(const Tensor &x, int64_t channels) {
  Tensor stats(Shape{2, channels});
  for (int64_t i = 0; i < x.size(); ++i) {
    stats[i % channels] += x[i];
    stats[channels + i % channels] += x[i] * x[i];
  }
  return stats;
}

double BatchNorm::mean(int64_t c) const { return stats[c] / count; }
double BatchNorm::variance(int64_t c) const {
  return stats[stats.dim(1) + c] / count - mean(c) * mean(c);
}
double BatchNorm::scale(int64_t c) const { return 1 / std::sqrt(variance(c) + epsilon); }

Tensor BatchNorm::apply(Tensor x, const Tensor &gamma, const Tensor &beta) const {
  for (int64_t i = 0; i < x.size(); ++i) {
    int64_t c = i % gamma.size();
    x[i] = gamma[c] * normalized(x[i], c) + beta[c];
  }
  return x;
}
Tensor BatchNorm::gradSums(const Tensor &x, const Tensor &dz) const {
  int64_t channels = stats.dim(1);
  Tensor sums(Shape{2, channels});
  for (int64_t i = 0; i < dz.size(); ++i) {
    int64_t c = i % channels;
    sums[c] += dz[i];
    sums[channels + c] += dz[i] * normalized(x[i], c);
  }
  return sums;
}
Tensor BatchNorm::gradInput(const Tensor &x, const Tensor &gamma, const Tensor &sums,
                            Tensor dz) const {
  int64_t channels = gamma.size();
  for (int64_t i = 0; i < dz.size(); ++i) {
    int64_t c = i % channels;
    double meanGrad = sums[c] / count, meanProduct = sums[channels + c] / count;
    dz[i] = gamma[c] * scale(c) * (dz[i] - meanGrad - normalized(x[i], c) * meanProduct);
  }
  return dz;
}
Tensors BatchNorm::running(Tensor runningMean, Tensor runningVariance, double momentum) const {
  const double unbiased = count / (count - 1);
  for (int64_t c = 0; c < runningMean.size(); ++c) {
    runningMean[c] += momentum * (mean(c) - runningMean[c]);
    runningVariance[c] += momentum * (variance(c) * unbiased - runningVariance[c]);
  }
  return {runningMean, runningVariance};
}

Tensor batchNormInference(Tensor x, const Tensor &gamma, const Tensor &beta, const Tensor &mean,
                          const Tensor &variance, double epsilon) {
  for (int64_t i = 0; i < x.size(); ++i) {
    int64_t c = i % gamma.size();
    x[i] = gamma[c] * (x[i] - mean[c]) / std::sqrt(variance[c] + epsilon) + beta[c];
  }
  return x;
}
Tensors batchNormParameterGrads(const Tensor &sums) {
  Tensor beta = part(sums, 0, 0, 2), gamma = part(sums, 0, 1, 2);
  gamma.shape = beta.shape = {sums.dim(1)};
  return {gamma, beta};
}

//===- layer norm, softmax ----------------------------------------------------------------===//

Tensors layerNorm(Tensor y, const Tensor &gamma, const Tensor &beta, double epsilon) {
  int64_t channels = gamma.size();
  Tensor mean(Shape{y.size() / channels}), rstd(mean.shape);
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
      x[c] = (x[c] - mean[row]) * rstd[row] * gamma[c] + beta[c];
  }
  return {y, mean, rstd};
}
Tensor layerNormInputGrad(const Tensor &dy, const Tensor &x, const Tensor &gamma,
                          const Tensor &mean, const Tensor &rstd) {
  Tensor dx = dy;
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
Tensors layerNormParameterGrads(const Tensor &dy, const Tensor &x, const Tensor &mean,
                                const Tensor &rstd, int64_t channels) {
  Tensor gamma(Shape{channels}), beta(Shape{channels});
  for (int64_t i = 0; i < dy.size(); ++i) {
    int64_t row = i / channels, c = i % channels;
    gamma[c] += dy[i] * (x[i] - mean[row]) * rstd[row];
    beta[c] += dy[i];
  }
  return {gamma, beta};
}

Tensor softmax(Tensor y, int64_t columns, int64_t queries) {
  for (int64_t row = 0; row < y.size() / columns; ++row) {
    double total = 0;
    for (int64_t c = 0; c < columns; ++c) {
      double &value = y[row * columns + c];
      value = queries == 0 || c <= row % queries ? std::exp(value) : 0;
      total += value;
    }
    for (int64_t c = 0; c < columns; ++c)
      y[row * columns + c] /= total;
  }
  return y;
}
Tensor softmaxGrad(Tensor dx, const Tensor &y, int64_t columns) {
  for (int64_t first = 0; first < y.size(); first += columns) {
    double mean = 0;
    for (int64_t i = first; i < first + columns; ++i)
      mean += dx[i] * y[i];
    for (int64_t i = first; i < first + columns; ++i)
      dx[i] = y[i] * (dx[i] - mean);
  }
  return dx;
}

} // namespace autopar
