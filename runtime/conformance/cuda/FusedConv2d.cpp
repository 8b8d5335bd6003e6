// Convolutions fused with batch norms against their definitions in double precision. Operands
// are f16 numbers to begin with; what is off is of the size of an f16 rounding: those of the
// norm's scale and shift, of what is convolved, and of the result.
#include "Convolution.h"
#include "FusableShapes.h"
#include "NarrowOperands.h"

using namespace autopar;
using namespace autopar::conformance;

namespace {

/// A convolution with its operands, and a norm in front whose statistics are of a larger batch
/// than this rank's.
struct Case {
  Conv2dShape shape;
  std::vector<float> x, w, dy, gamma, beta;
  std::vector<double> stats;

  explicit Case(Random &random)
      : shape(randomFusable(random)), x(inputSize(shape)),
        w(rounded<f16>(random.normal(weightSize(shape), 0, 0.1f))),
        dy(rounded<f16>(random.normal(outputSize(shape), 0, 0.1f))),
        gamma(random.normal(shape.channels, 1, 0.3f)), beta(random.normal(shape.channels)),
        stats(2 * shape.channels) {
    const auto mean = random.normal(shape.channels, 0, 0.5f);
    const auto deviation = random.normal(shape.channels, 1, 0.1f);
    for (int64_t c = 0; c < shape.channels; ++c) {
      stats[c] = shape.count * mean[c];
      stats[shape.channels + c] =
          shape.count * (double(deviation[c]) * deviation[c] + double(mean[c]) * mean[c]);
    }
    // No norm is so near to 0 that rounding decides whether it is clipped.
    for (size_t i = 0; i < x.size(); ++i)
      do
        x[i] = rounded<f16>(random.normal(1, mean[i % shape.channels])).front();
      while (std::abs(norm(i)) < 0.01);
  }

  double normalized(size_t i) const {
    const int64_t c = i % shape.channels;
    const double mean = stats[c] / shape.count;
    const double var = stats[shape.channels + c] / shape.count - mean * mean;
    return (x[i] - mean) / std::sqrt(var + shape.epsilon);
  }
  double norm(size_t i) const {
    return normalized(i) * gamma[i % shape.channels] + beta[i % shape.channels];
  }
  /// x'
  std::vector<double> convolved() const {
    std::vector<double> values;
    for (size_t i = 0; i < x.size(); ++i)
      values.push_back(std::max(norm(i), 0.0));
    return values;
  }
};

template <class Image>
std::vector<double> convolve(const Conv2dShape &shape, const Image &x,
                             const std::vector<float> &w) {
  std::vector<double> y(outputSize(shape));
  forEachProduct(
      shape, [&](int64_t atX, int64_t atW, int64_t atY) { y[atY] += double(x[atX]) * w[atW]; });
  return y;
}

/// Checks sums [channels], from `first` on, of terms that rounding each to f16 may have moved
/// one way or the other; twice as much is allowed, for what adding up in f32 is off.
template <class Term>
void expectSums(const std::vector<double> &sums, int64_t first, int64_t channels, size_t count,
                Term term) {
  std::vector<double> expected(channels), magnitude(channels);
  for (size_t i = 0; i < count; ++i) {
    expected[i % channels] += term(i);
    magnitude[i % channels] += std::abs(term(i));
  }
  for (int64_t c = 0; c < channels; ++c)
    EXPECT_NEAR(sums[first + c], expected[c], 2 * unit<f16> * magnitude[c]) << "channel " << c;
}

/// Checks that statistics are those of y as it was left: of its f16 numbers, or of what these
/// were rounded from.
void expectStats(const Tensor<double> &actual, const std::vector<float> &y, int64_t filters) {
  const auto stats = actual.values();
  expectSums(stats, 0, filters, y.size(), [&](size_t i) { return double(y[i]); });
  expectSums(stats, filters, filters, y.size(), [&](size_t i) { return double(y[i]) * y[i]; });
}

class FusedConv2d : public testing::TestWithParam<int> {
protected:
  FusedConv2d() : random(GetParam()), of(random) {}
  Random random;
  const Case of;
  const testing::ScopedTrace trace{__FILE__, __LINE__, named(of.shape)};
};

INSTANTIATE_TEST_SUITE_P(Seeds, FusedConv2d, testing::Range(0, 30));

TEST_P(FusedConv2d, sumsItsResult) {
  Tensor<f16> y(outputSize(of.shape));
  Tensor<double> stats(2 * of.shape.filters);
  run(Conv2dStats(of.shape), narrow<f16>(of.x), Tensor(of.w), y, stats);
  expectClose(Tensor(widen(y)), convolve(of.shape, of.x, of.w), 2 * unit<f16>);
  expectStats(stats, widen(y), of.shape.filters);
}

TEST_P(FusedConv2d, normalizesAndClipsInFront) {
  Tensor<f16> y(outputSize(of.shape));
  Tensor<double> stats(2 * of.shape.filters);
  run(NormConv2dStats(of.shape), narrow<f16>(of.x), Tensor(of.stats), Tensor(of.gamma),
      Tensor(of.beta), Tensor(of.w), y, stats);
  expectClose(Tensor(widen(y)), convolve(of.shape, of.convolved(), of.w), 4 * unit<f16>);
  expectStats(stats, widen(y), of.shape.filters);
}

TEST_P(FusedConv2d, weightGradientIsOfWhatWasConvolved) {
  const auto convolved = of.convolved();
  std::vector<double> dw(of.w.size());
  forEachProduct(of.shape, [&](int64_t atX, int64_t atW, int64_t atY) {
    dw[atW] += of.dy[atY] * convolved[atX];
  });
  Tensor<float> actual(dw.size());
  run(NormConv2dWeightGrad(of.shape), narrow<f16>(of.x), Tensor(of.stats), Tensor(of.gamma),
      Tensor(of.beta), narrow<f16>(of.dy), actual);
  expectClose(actual, dw, 4 * unit<f16>);
}

TEST_P(FusedConv2d, inputGradientIsMaskedAndSummed) {
  std::vector<double> dz(of.x.size());
  forEachProduct(of.shape, [&](int64_t atX, int64_t atW, int64_t atY) {
    if (of.norm(atX) > 0)
      dz[atX] += double(of.dy[atY]) * of.w[atW];
  });
  Tensor<f16> actual(dz.size());
  Tensor<double> sums(2 * of.shape.channels);
  run(NormConv2dInputGrad(of.shape), narrow<f16>(of.dy), Tensor(of.w), narrow<f16>(of.x),
      Tensor(of.stats), Tensor(of.gamma), Tensor(of.beta), actual, sums);
  expectClose(Tensor(widen(actual)), dz, 2 * unit<f16>);

  const auto left = widen(actual);
  const int64_t channels = of.shape.channels;
  const auto values = sums.values();
  expectSums(values, 0, channels, left.size(), [&](size_t i) { return double(left[i]); });
  expectSums(values, channels, channels, left.size(),
             [&](size_t i) { return left[i] * of.normalized(i); });
}

} // namespace
