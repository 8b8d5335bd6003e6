// A batch norm by its definition: what the tests of its parts share.
#ifndef AUTOPAR_RUNTIME_CONFORMANCE_BATCHNORMREFERENCE_H
#define AUTOPAR_RUNTIME_CONFORMANCE_BATCHNORMREFERENCE_H

#include "Random.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace autopar::conformance {

/// A batch norm in double precision, followed or not by adding a residual and a relu.
struct BatchNormReference {
  static constexpr double epsilon = 1e-5;

  int64_t rows, channels;
  std::vector<float> x, gamma, beta, residual, dy;
  std::vector<double> mean, var;

  BatchNormReference(int64_t rows, int64_t channels, Random &random, float offset = 0)
      : rows(rows), channels(channels), x(random.normal(rows * channels, offset)),
        gamma(random.normal(channels, 1, 0.3f)), beta(random.normal(channels)),
        residual(random.normal(rows * channels)), dy(random.normal(rows * channels)) {
    measure();
  }

  /// After a change of x.
  void measure() {
    mean = average([&](int64_t i) { return x[i]; });
    var = average([&](int64_t i) { return std::pow(x[i] - mean[i % channels], 2); });
  }

  template <class Term> std::vector<double> sum(Term term) const {
    std::vector<double> sums(channels);
    for (int64_t i = 0; i < rows * channels; ++i)
      sums[i % channels] += term(i);
    return sums;
  }
  template <class Term> std::vector<double> average(Term term) const {
    auto sums = sum(term);
    for (double &value : sums)
      value /= rows;
    return sums;
  }
  template <class Element> std::vector<double> elements(Element element) const {
    std::vector<double> values(rows * channels);
    for (int64_t i = 0; i < rows * channels; ++i)
      values[i] = element(i);
    return values;
  }

  double inverseStd(int64_t c) const { return 1 / std::sqrt(var[c] + epsilon); }
  double normalized(int64_t i) const {
    return (x[i] - mean[i % channels]) * inverseStd(i % channels);
  }
  std::vector<double> output(bool relu, bool addResidual) const {
    return elements([&](int64_t i) {
      const double value = normalized(i) * gamma[i % channels] + beta[i % channels] +
                           (addResidual ? residual[i] : 0);
      return relu ? std::max(value, 0.0) : value;
    });
  }
  /// [2, channels]
  std::vector<double> stats() const {
    auto sums = sum([&](int64_t i) { return x[i]; });
    const auto squares = sum([&](int64_t i) { return double(x[i]) * x[i]; });
    sums.insert(sums.end(), squares.begin(), squares.end());
    return sums;
  }
  /// [2, channels], with dz = dy where mask > 0.
  std::vector<double> gradSums(const std::vector<float> &mask) const {
    const auto dz = [&](int64_t i) { return mask[i] > 0 ? dy[i] : 0.0f; };
    auto sums = sum(dz);
    const auto products = sum([&](int64_t i) { return dz(i) * normalized(i); });
    sums.insert(sums.end(), products.begin(), products.end());
    return sums;
  }
  std::vector<double> gradInput(const std::vector<float> &mask) const {
    const auto sums = gradSums(mask);
    return elements([&](int64_t i) {
      const int64_t c = i % channels;
      return gamma[c] * inverseStd(c) *
             ((mask[i] > 0 ? dy[i] : 0.0f) - sums[c] / rows -
              normalized(i) * sums[channels + c] / rows);
    });
  }
};

} // namespace autopar::conformance

#endif // AUTOPAR_RUNTIME_CONFORMANCE_BATCHNORMREFERENCE_H
